"""Writes fixtures/repr.json and fixtures/expressions.json with Python as the reference.

    python3 packages/tools-calculator/scripts/make_fixtures.py

repr.json: [16 hex digits of a big-endian double, repr(float)].
expressions.json: [expression, repr(float(eval(expression))) or "True"/"False", or null where Python raises or the result is not finite].
Numbers are evaluated as floats (1 -> 1.0), since the calculator is a float calculator;
whole powers are rounded correctly, as Python's own are on integers. Python 3.11.
"""
import ast, fractions, json, math, pathlib, random, re, struct

random.seed(20240917)
here = pathlib.Path(__file__).resolve().parent.parent / "fixtures"


def doubles():
    yield from [0.0, -0.0, 1.0, -1.0, 24.0, 1 / 3, 0.1 + 0.2, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308]
    yield from [1e16, 1e15, 9999999999999998.0, 9007199254740993.0, 123456789012345680.0, 1e-4, 1e-5, 0.00012345, 9.999e-5]
    yield from [1e21, 1e22, 1e23, 1e100, -1e-100, 123e-7, 1e-7, 0.5, 100.0, 1e2, 12345678.9]
    for exponent in range(-30, 31):
        yield float(f"1e{exponent}")
        yield float(f"-{random.randint(1, 10**random.randint(1, 17))}e{exponent}")
    for _ in range(200):
        value = struct.unpack(">d", random.randbytes(8))[0]
        if math.isfinite(value):
            yield value
    for _ in range(150):
        yield round(random.uniform(-1e6, 1e6), random.randint(0, 8))


def number():
    kind = random.random()
    if kind < 0.6:
        return str(random.randint(0, 20))
    if kind < 0.9:
        return str(round(random.uniform(0, 1000), random.randint(1, 4)))
    return random.choice(["1e3", "2.5e-3", "1e10", "0.1", ".5", "1200"])


def expression(depth):
    if depth == 0 or random.random() < 0.15:
        return number()
    a, b = expression(depth - 1), expression(depth - 1)
    kind = random.random()
    if kind < 0.55:
        return f"{a} {random.choice(['+', '-', '*', '/', '+', '-', '*', '/', '//', '%'])} {b}"
    if kind < 0.65:
        return f"({a}) ** {random.choice(['2', '3', '-1', '0', '10', '-2', '17'])}"
    if kind < 0.72:
        return f"{random.choice(['-', '-', '+', ''])}{number()}**{random.choice(['2', '3', '2**2', '-3'])}"
    if kind < 0.85:
        return f"({a} {random.choice('+-*/')} {b})"
    if kind < 0.9:
        return f"-({a})"
    return random.choice([f"round({a}, {random.randint(0, 4)})", f"max({a}, {b})", f"min({a}, {b}, 3)", f"abs({a})", f"sqrt(abs({a}))"])


def as_floats(text):
    return re.sub(r"\d*\.?\d+(?:e-?\d+)?", lambda match: repr(float(match[0])), text)


class ExactPower(ast.NodeTransformer):
    """a ** b, correctly rounded for whole b: the C library's pow is one unit in the last place off now and then (18.0 ** 17)."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Pow):
            return ast.Call(ast.Name("power", ast.Load()), [node.left, node.right], [])
        return node


def power(a, b):
    return float(fractions.Fraction(a) ** int(b)) if a and b == int(b) else a**b


def reference(text):
    names = {"power": power, "sqrt": math.sqrt, "abs": abs, "min": min, "max": max, "round": lambda x, n: round(x, int(n)), "__builtins__": {}}
    try:
        tree = ast.fix_missing_locations(ExactPower().visit(ast.parse(as_floats(text), mode="eval")))
        value = eval(compile(tree, text, "eval"), names)
    except (ZeroDivisionError, OverflowError):
        return None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, complex) or not math.isfinite(value):
        return None
    return repr(value + 0.0)


def comparison():
    chain = f"{expression(2)} {random.choice(['<', '>', '<=', '>=', '==', '!='])} {expression(2)}"
    return chain + (f" < {number()}" if random.random() < 0.3 else "")


rows = [[struct.pack(">d", value).hex(), repr(value)] for value in doubles()]
texts = [expression(random.randint(1, 4)) for _ in range(560)] + [comparison() for _ in range(40)]
(here / "repr.json").write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n")
(here / "expressions.json").write_text("[\n" + ",\n".join(json.dumps([text, reference(text)]) for text in texts) + "\n]\n")
