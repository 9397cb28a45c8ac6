"""Which names one person goes by: each formal name with its short forms, English and Spanish.

Common knowledge, our choice of names (C): a short form that is missing costs evidence, no more.
"""

_SHORT_FORMS = """
abigail: abby gail
abraham: abe
albert: al bert
alejandra: ale sandra
alejandro: ale alex
alexander: alex al sandy xander sasha
alexandra: alex sandra sandy lexi
alfred: al fred
alfredo: fredo
alicia: licha
alison: ali
amanda: mandy
andrea: andy
andrew: andy drew
angela: angie
anna: annie ana
anthony: tony
antonio: tono tony
barbara: barb barbie
beatrice: bea trixie
beatriz: bety
benjamin: ben benny
bernard: bernie
bradley: brad
caroline: carrie
catherine: cathy cat kate katie kathy kitty
charles: charlie chuck chas
charlotte: charlie lottie
christian: chris
christina: chris chrissy tina
christopher: chris topher
clifford: cliff
concepcion: concha
cristina: cris tina
cynthia: cindy
daniel: dan danny
daniela: dani
david: dave davy
deborah: deb debbie
dennis: denny
dolores: lola
donald: don donny
dorothy: dot dottie dolly
douglas: doug
eduardo: lalo edu
edward: ed eddie ned ted teddy
eleanor: ellie nell nora
elizabeth: beth betty eliza liz lizzie lisa libby elsie
emily: em
enrique: quique kike
eugene: gene
evelyn: evie
federico: fede
fernando: nando
florence: flo
frances: fran frannie
francis: frank
francisca: paca
francisco: paco pancho cisco frank
franklin: frank
frederick: fred freddie rick
gabriel: gabe
gabriela: gaby
gerald: gerry jerry
gerard: gerry
gregory: greg
guadalupe: lupe lupita
guillermo: memo
gustavo: gus tavo
harold: harry hal
harrison: harry
helen: nell
henry: hank harry hal
herbert: herb bert
ignacio: nacho
isabel: chabela isa
isabella: bella izzy
jacob: jake
jacqueline: jackie
james: jim jimmy jamie
janet: jan
jason: jay
jeffrey: jeff
jennifer: jen jenny
jeremy: jerry
jessica: jess jessie
jesus: chuy
joaquin: quino
john: jack johnny jon
jonathan: jon johnny nathan
jose: pepe
josefina: pepa
joseph: joe joey
josephine: jo josie
joshua: josh
juan: juancho
judith: judy
katherine: kate katie kathy kat kitty kay
kathleen: kathy kate katie
kenneth: ken kenny
kimberly: kim
lawrence: larry
leonard: leo len lenny
leonardo: leo
leslie: les
lillian: lily
louis: lou louie
louise: lou
luis: lucho
manuel: manolo manny
marcus: marc
margaret: maggie marge meg peggy greta daisy rita
maria: mari mia
martha: marty
martin: marty
mary: molly polly mamie
matthew: matt
melissa: mel missy
mercedes: meche
michael: mike mick mickey micky
michelle: shelly
miguel: mike
mildred: millie
mohammed: mo
nancy: nan
natalie: nat
nathan: nate
nathaniel: nate nathan
nicholas: nick nicky
nicole: nicky
oliver: ollie
pamela: pam
patricia: pat patty tricia trish
patrick: pat paddy rick
peter: pete
philip: phil
priscilla: cilla
rachel: rae
ramon: moncho
randall: randy
raymond: ray
rebecca: becca becky
ricardo: rick ricky
richard: dick rich richie rick ricky
robert: bob bobby rob robbie bert
roberta: bobbie
roberto: beto rob
rodney: rod
roger: rodge
ronald: ron ronnie
rosario: charo
russell: russ
salvador: chava
samantha: sam
samuel: sam sammy
santiago: santi
sarah: sally sadie
sebastian: seb bastian
sergio: checo
shirley: shirl
stanley: stan
stephanie: steph
stephen: steve stevie
steven: steve stevie
susan: sue susie suzy
teresa: tere terry
terence: terry
theodore: ted teddy theo
theresa: terry tess tessa
thomas: tom tommy
timothy: tim timmy
tyler: ty
valerie: val
vanessa: nessa
veronica: ronnie vero
victor: vic
victoria: vicky tori
vincent: vince vinny
virginia: ginny
walter: walt
wendell: wendy
wilfred: fred will
william: bill billy will willie liam
yolanda: yoli
zachary: zach zack
"""


def _formal_names() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _SHORT_FORMS.strip().splitlines():
        formal, _, short_forms = line.partition(": ")
        for name in (formal, *short_forms.split()):
            found.setdefault(name, set()).add(formal)
    return {name: frozenset(formal) for name, formal in found.items()}


_FORMAL = _formal_names()


def formal_names(name: str) -> frozenset[str]:
    """The formal names that a folded given name may stand for, itself included."""
    return _FORMAL.get(name, frozenset()) | {name}
