"""What the scripts beside other tools have in common: the tools' environments, a measured process, and tables."""
import os
import statistics
import subprocess
import sys
import tempfile
import time

THREADS = 2
# Some workplaces export them; they make OpenBLAS slow on newer processors.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def python_of(environment, packages):
    """The interpreter of a virtual environment, which is made when it is missing or half made."""
    python, stamp = environment / "bin" / "python", environment / "complete"
    if not stamp.exists():
        print(f"installing {' '.join(packages[:2])} into {environment}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
        stamp.touch()
    return str(python)


def run(command, **variables):
    """Standard output, wall-clock seconds and peak memory of a command on two processors."""
    environment = {k: v for k, v in os.environ.items() if k not in UNSET}
    environment |= {"OMP_NUM_THREADS": str(THREADS), "TF_NUM_INTRAOP_THREADS": str(THREADS), "CUDA_VISIBLE_DEVICES": ""}
    environment |= variables

    def settle():
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])

    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=output, stderr=errors, env=environment, preexec_fn=settle)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if child.returncode:
            sys.exit(f"{' '.join(command)}: ended with {child.returncode}:\n{errors.read().decode()[-2000:]}")
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return output.read().decode(), {"whole": seconds, "peak": peak / 1e6}


def table(header, rows):
    """Lines of a table that reads well as text and as Markdown."""
    widths = [max(len(r[c]) for r in [header, *rows]) for c in range(len(header))]
    line = lambda cells: "| " + " | ".join(x.ljust(w) if c == 0 else x.rjust(w) for c, (x, w) in enumerate(zip(cells, widths))) + " |"
    rule = "|" + "|".join("-" * (w + 2) if c == 0 else "-" * (w + 1) + ":" for c, w in enumerate(widths)) + "|"
    return [line(header), rule, *map(line, rows)]


def spread(values, digits=2):
    values = [v for v in values if v is not None]
    if not values:
        return "–"
    median = f"{statistics.median(values):.{digits}f}"
    return median if len(values) == 1 else f"{median} ({min(values):.{digits}f} – {max(values):.{digits}f})"


def processor():
    try:
        return next(x.split(":")[1].strip() for x in open("/proc/cpuinfo") if x.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown"
