"""What the first five trials of each task show and ask for, written anew from docs/tasks.md and from how streams of
random numbers are drawn (sim/numbers/random.hpp: Philox4x32-10 of Salmon et al. 2011, FNV-1a of the stream's name).

    /usr/bin/python3 tests/data/tasks/first_trials.py > tests/data/tasks/first_trials.txt

A line "task TOML", of seed 1, then a line for each step: the trial's type, the inputs, "|", the labels.
"""
import math

SEED = 1


class Stream:
    def __init__(self, name):
        key = 2166136261
        for byte in name.encode():
            key = ((key ^ byte) * 16777619) & 0xffffffff
        self.key = key

    def words(self, step, index):
        low = 0xffffffff
        c = [index & low, index >> 32, step & low, step >> 32]
        k = [SEED, self.key]
        for _ in range(10):
            a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
            c = [(b >> 32) ^ c[1] ^ k[0], b & low, (a >> 32) ^ c[3] ^ k[1], a & low]
            k = [(k[0] + 0x9E3779B9) & low, (k[1] + 0xBB67AE85) & low]
        return c[0] | c[1] << 32, c[2] | c[3] << 32

    def bit(self, step, index):
        return self.words(step, index)[0] & 1

    def uniform(self, step, index):
        return ((self.words(step, index)[0] >> 12) + 0.5) * 2.0 ** -52

    def normal(self, step, index):
        u, v = (((word >> 12) + 0.5) * 2.0 ** -52 for word in self.words(step, index))
        return math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * v)

    def choice(self, step, index, count):
        return int(self.uniform(step, index) * count)


draws = Stream("task/input")


def one_hot(k, n):
    return [1.0 if i == k else 0.0 for i in range(n)]


def show(toml, steps):
    print("task", toml)
    for kind, inputs, labels in steps:
        print(kind, *[repr(float(x)) for x in inputs], "|", *[repr(float(y)) for y in labels])


def flip_flop():
    last = [0.0] * 3
    for k in range(100):
        pulses = [0.0] * 3
        for c in range(3):
            if draws.uniform(k, 2 * c) < 0.3:
                pulses[c] = last[c] = 1.0 if draws.bit(k, 2 * c + 1) else -1.0
        yield 0, pulses, list(last)


def delay_line():
    x = [2 * draws.uniform(k, 0) - 1 for k in range(50)]
    for k in range(50):
        yield 0, [x[k]], [x[k - 3] if k >= 3 else 0.0]


def murray():
    for t in range(5 * 20):
        part = t % 20 / 20
        yield 0, [1.0], [math.sin(2 * math.pi * part) + math.sin(4 * math.pi * part) / 2 + math.sin(8 * math.pi * part) / 4]


def bellec():
    stream = Stream("task/pattern")
    y = [0.0] * 30
    for k, part in enumerate((1, 2, 3, 5)):
        amplitude, phase = 0.5 + 1.5 * stream.uniform(0, 2 * k), stream.uniform(0, 2 * k + 1)
        y = [v + amplitude * math.sin(2 * math.pi * (t / (30 // part) + phase)) for t, v in enumerate(y)]
    y = [v - y[0] for v in y]
    largest = max(abs(v) for v in y)
    for t in range(5 * 30):
        yield 0, [1.0], [y[t % 30] / largest]


def copy():
    for trial in range(5):
        symbols = [draws.choice(trial, k, 4) for k in range(3)]
        for s in symbols:
            yield 0, one_hot(s, 5), [0.0] * 4
        for _ in range(2):
            yield 0, [0.0] * 5, [0.0] * 4
        yield 0, one_hot(4, 5), [0.0] * 4
        for s in symbols:
            yield 0, [0.0] * 5, one_hot(s, 4)


def match(same):
    for trial in range(5):
        a, b = draws.bit(trial, 0), draws.bit(trial, 1)
        for length, lines, label in ((5, [0, 0], None), (5, one_hot(a, 2), None), (10, [0, 0], None), (5, one_hot(b, 2), None),
                                     (5, None, (a == b) == same)):
            for _ in range(length):
                yield (2 * a + b, [1.0] + lines if lines else [0.0] * 3, one_hot(int(label), 2) if label is not None else [0.0] * 2)


PAIRS = [(10, 18), (14, 22), (18, 26), (22, 30), (26, 34)]
PAIRS += [(b, a) for a, b in PAIRS]


def compare():
    for trial in range(5):
        kind = draws.choice(trial, 0, 10)
        f1, f2 = PAIRS[kind]
        for length, x in ((5, f1 / 34), (15, 0.0), (5, f2 / 34)):
            for _ in range(length):
                yield kind, [1.0, x], [0.0, 0.0]
        for _ in range(5):
            yield kind, [0.0, 0.0], one_hot(int(f2 > f1), 2)


def context(noise):
    values = [-0.15, -0.036, -0.009, 0.009, 0.036, 0.15]
    for trial in range(5):
        x = [values[draws.choice(trial, c, 6)] for c in range(2)]
        which = draws.choice(trial, 2, 2)
        kind = 4 * which + 2 * (x[0] > 0) + (x[1] > 0)
        for t in range(20):
            yield kind, [x[c] + noise * draws.normal(trial, 3 + 2 * t + c) for c in range(2)] + one_hot(which, 2), [0.0, 0.0]
        for _ in range(5):
            yield kind, [0.0, 0.0] + one_hot(which, 2), one_hot(int(x[which] > 0), 2)


def evidence():  # a fiftieth: cues of 2 steps, 1 between, a delay of 21, a recall of 3
    for trial in range(5):
        p = 0.7 if draws.bit(trial, 0) else 0.3
        sides = [1 if draws.uniform(trial, 1 + k) < p else 0 for k in range(7)]
        kind = int(sum(sides) > 3)
        steps = []
        for s in sides:
            steps += [[0.04 * (s == 0), 0.04 * (s == 1), 0.0]] * 2 + [[0.0] * 3]
        steps += [[0.0] * 3] * 21 + [[0.0, 0.0, 0.04]] * 3
        for t, groups in enumerate(steps):
            inputs = [g for g in groups + [0.01] for _ in range(10)]
            yield kind, inputs, one_hot(kind, 2) if t >= len(steps) - 3 else [0.0, 0.0]


def bars():
    images = [[1.0 if i // 3 == k else 0.0 for i in range(9)] for k in range(3)]
    images += [[1.0 if i % 3 == k else 0.0 for i in range(9)] for k in range(3)]
    images += [[1.0 if i // 3 == i % 3 else 0.0 for i in range(9)], [1.0 if i // 3 + i % 3 == 2 else 0.0 for i in range(9)]]
    for k in range(16):  # two epochs; a place of eight goes through 16 rounds on two halves of two bits
        epoch, place = divmod(k, 8)
        while True:
            left, right = place >> 2, place & 3
            for turn in range(16):
                left, right = right, left ^ (draws.words(epoch, turn << 32 | right)[0] & 3)
            place = left << 2 | right
            if place < 8:
                break
        kind = (place >= 3) + (place >= 6)
        yield kind, images[place], one_hot(kind, 3)


def teacher():
    def matrix(name, rows, columns):
        stream = Stream(name)
        return [[stream.normal(0, i * columns + j) / math.sqrt(columns) for j in range(columns)] for i in range(rows)]
    first, second = matrix("task/teacher/W1", 5, 4), matrix("task/teacher/W2", 3, 5)
    noise = Stream("task/noise")
    for step in range(20):
        x = [draws.normal(step, i) for i in range(4)]
        hidden = [math.tanh(sum(w * v for w, v in zip(row, x))) for row in first]
        yield 0, x, [sum(w * v for w, v in zip(row, hidden)) + 0.2 * noise.normal(step, i) for i, row in enumerate(second)]


show('kind = "flip_flop", pulse = 0.3', flip_flop())
show('kind = "delay_line"', delay_line())
show('kind = "pattern", period = 20', murray())
show('kind = "pattern", pattern = "bellec", period = 30', bellec())
show('kind = "copy", symbols = 4, length = 3, delay = 2', copy())
show('kind = "delayed_match"', match(True))
show('kind = "delayed_nonmatch"', match(False))
show('kind = "compare"', compare())
show('kind = "context"', context(0.0))
show('kind = "context", noise = 0.5', context(0.5))
show('kind = "evidence", scale = 0.02', evidence())
show('kind = "bars"', bars())
show('kind = "teacher", sizes = [4, 5, 3], noise = 0.2', teacher())
