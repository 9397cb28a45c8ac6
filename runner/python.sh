# Finds Python 3.11 or newer and puts it into PYTHON, or says in one sentence what is there instead.
for PYTHON in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
  if "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    return
  fi
done
echo "Python 3.11 or newer is needed, found is $(python3 --version 2>/dev/null || echo none); on Debian 12, as root: apt-get install python3 python3-venv" >&2
exit 2
