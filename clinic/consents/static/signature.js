// A signature drawn by hand: strokes of a pen become the path of a drawing, in a hidden field beside the typed name.
for (const box of document.querySelectorAll("[data-signature]")) {
  const canvas = box.querySelector("canvas");
  const field = document.getElementById(box.dataset.signature);
  const pen = canvas.getContext("2d");
  let strokes = [];
  box.hidden = false;

  const place = (event) => {
    const edge = canvas.getBoundingClientRect();
    const across = ((event.clientX - edge.left) / edge.width) * canvas.width;
    const down = ((event.clientY - edge.top) / edge.height) * canvas.height;
    return [Math.min(Math.max(Math.round(across), 0), canvas.width), Math.min(Math.max(Math.round(down), 0), canvas.height)];
  };
  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 2.5;
    pen.lineCap = pen.lineJoin = "round";
    const drawn = strokes.filter((stroke) => stroke.length > 1);
    field.value = drawn.map((stroke) => "M" + stroke.map((point) => point.join(" ")).join("L")).join("");
    pen.stroke(new Path2D(field.value));
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    strokes.push([place(event)]);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    strokes[strokes.length - 1].push(place(event));
    draw();
  });
  box.querySelector("button").addEventListener("click", () => {
    strokes = [];
    draw();
  });
}
