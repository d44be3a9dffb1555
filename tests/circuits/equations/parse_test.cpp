// The grammar of equations by explicit trees, and each message at its place.
#include "circuits/equations/parse.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/fuzz/parse_as_equations.hpp"

using namespace apical;

namespace {

Expression number(double value) { return {Symbol::number, value}; }
Expression name(const std::string& of) { return {Symbol::name, 0.0, of}; }
Expression tree(Symbol symbol, std::vector<Expression> of) {
    return {symbol, 0.0, "", std::move(of)};
}
Expression call(const std::string& function, std::vector<Expression> of) {
    return {Symbol::call, 0.0, function, std::move(of)};
}

const Expression a = name("a"), b = name("b"), c = name("c");

Expression parsed(const std::string& text) { return parse_expression(value_of(text)); }

// The value of the key "equations" of a file.
Value equations_of(const std::string& file) {
    return *parse_toml(file, "a.toml").find("equations");
}

std::string refusal_of(const Value& equations) {
    try {
        parse_equations(equations, "rule \"mine\": ");
    } catch (const Rejected& rejected) {
        return rejected.what();
    }
    return "";
}

void refuses_file(const std::string& file, const std::string& sentence) {
    INFO(file);
    CHECK(refusal_of(equations_of(file)) == sentence);
}

// A line is refused at a column with a sentence.
void refuses(const std::string& line, int column, const std::string& sentence) {
    refuses_file(fmt::format("equations = '''\n{}\n'''", line),
                 fmt::format("a.toml:2:{}: rule \"mine\": {}", column, sentence));
}

std::string repeated(int count, const std::string& text) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

}  // namespace

TEST_CASE("operators hold together as the grammar says", "[equations]") {
    CHECK(parsed("-a^2") == tree(Symbol::negative, {tree(Symbol::power, {a, number(2)})}));
    CHECK(parsed("a - b - c") == tree(Symbol::subtract, {tree(Symbol::subtract, {a, b}), c}));
    CHECK(parsed("a / b / c") == tree(Symbol::divide, {tree(Symbol::divide, {a, b}), c}));
    CHECK(parsed("a - (b - c)") == tree(Symbol::subtract, {a, tree(Symbol::subtract, {b, c})}));
    CHECK(parsed("a + b * c") == tree(Symbol::add, {a, tree(Symbol::multiply, {b, c})}));
    CHECK(parsed("(a + b) * c") == tree(Symbol::multiply, {tree(Symbol::add, {a, b}), c}));
    CHECK(parsed("2^-1") == tree(Symbol::power, {number(2), tree(Symbol::negative, {number(1)})}));
    CHECK(parsed("a^2^3") == tree(Symbol::power, {a, tree(Symbol::power, {number(2), number(3)})}));
    CHECK(parsed("(a^2)^3") ==
          tree(Symbol::power, {tree(Symbol::power, {a, number(2)}), number(3)}));
    CHECK(parsed("-a * b") == tree(Symbol::multiply, {tree(Symbol::negative, {a}), b}));
    CHECK(parsed("a * -b") == tree(Symbol::multiply, {a, tree(Symbol::negative, {b})}));
    CHECK(parsed("a--b") == tree(Symbol::subtract, {a, tree(Symbol::negative, {b})}));
    CHECK(parsed("--a") == tree(Symbol::negative, {tree(Symbol::negative, {a})}));
    CHECK(parsed("clip (a+b,-1 , phi(c))") ==
          call("clip",
               {tree(Symbol::add, {a, b}), tree(Symbol::negative, {number(1)}), call("phi", {c})}));
    CHECK(parsed("post.apical.r") == name("post.apical.r"));
    CHECK(parsed("\n\t(a\n+ b)  # sum\n") == tree(Symbol::add, {a, b}));
    CHECK_FALSE(parsed("a + b") == parsed("a - b"));
}

TEST_CASE("numbers are those of the grammar", "[equations]") {
    CHECK(parsed("12") == number(12));
    CHECK(parsed("0.25") == number(0.25));
    CHECK(parsed("1e-3") == number(1e-3));
    CHECK(parsed("2.5E+2") == number(250));
    CHECK(parsed("1e3-2") == tree(Symbol::subtract, {number(1000), number(2)}));
    CHECK(parsed("4.9e-324") == number(4.9e-324));
}

TEST_CASE("a statement assigns, adds, subtracts or changes in time", "[equations]") {
    const std::vector<Statement> all =
        parse_equations(equations_of("equations = '''\n"
                                     "dtheta/dt = a      # a trace\n\n"
                                     "w += clip(a,       # over lines\n"
                                     "          b)\n"
                                     "  decay -= b\n"
                                     "d = a\n"
                                     "'''"));
    REQUIRE(all.size() == 4);
    CHECK(all[0].target == "theta");
    CHECK(all[0].assignment == Assignment::rate_of_change);
    CHECK(all[0].text == "dtheta/dt = a");
    CHECK(text(all[0].where) == "a.toml:2:1");
    CHECK(text(all[0].right.where) == "a.toml:2:13");
    CHECK(all[1].assignment == Assignment::add);
    CHECK(all[1].text == "w += clip(a, b)");
    CHECK(text(all[1].right.of[1].where) == "a.toml:5:11");
    CHECK(all[2].target == "decay");
    CHECK(all[2].assignment == Assignment::subtract);
    CHECK(text(all[2].where) == "a.toml:6:3");
    CHECK(all[3].target == "d");
    CHECK(all[3].assignment == Assignment::set);
}

TEST_CASE("each mistake is told at its line and column with what is expected", "[equations]") {
    const std::string operand = "expected a number, a name, \"-\" or \"(\"";
    const std::string assignment = "expected \"=\", \"+=\" or \"-=\"";
    refuses("w += a pre.r", 8,
            "found \"pre.r\" behind the end of the expression; expected an operator");
    refuses("w += post.r(a)", 12,
            "found \"(\" behind the end of the expression; expected an operator");
    refuses("w += a × b", 8, "found \"×\"; expected \"*\"");
    refuses("w += − a", 6, "found \"−\"; expected \"-\"");
    refuses("w += a²", 7, "found \"²\"; expected \"^2\"");
    refuses("w += θ", 6,
            "found \"θ\"; expected a name of letters a to z, digits and _, as in theta");
    refuses("w +=\u00a0a", 5, "found the character U+00A0; expected a space");
    refuses("w += a**2", 7, "found \"**\"; expected \"^\"");
    refuses("w += 2x", 6, "found \"2x\"; expected an operator behind the number, as in 2 * x");
    refuses("w += 1e", 6, "found \"1e\"; expected digits behind the exponent's \"e\"");
    refuses("w += .5", 6, ".5 lacks a digit before its point; expected 0.5");
    refuses("w += 1.2.3", 6, "found \"1.2.3\"; expected a number with one point");
    refuses("w += 1_000", 6, "found \"1_000\"; expected a number without \"_\"");
    for (const char* beyond : {"1e999", "1e-999"})
        refuses(fmt::format("w += {}", beyond), 6,
                fmt::format("{} is beyond what a number can be, from about 4.9e-324 to about "
                            "1.8e308",
                            beyond));
    refuses("w == a", 3, "found \"==\"; expected \"=\"");
    refuses("w <- a", 3, "found \"<-\"; expected \"=\"");
    refuses("w *= a", 3, "found \"*=\"; expected \"=\", \"+=\" or \"-=\", as in w = w * (...)");
    refuses("w + = a", 3, "found \"+ =\"; expected \"+=\"");
    refuses("w =+ a", 4, "found \"=+\"; expected \"+=\", or \"=\" alone");
    refuses("w = + a", 5, "found \"+\"; " + operand + "; a sign \"+\" is left out");
    refuses("w = a = b", 7,
            "found a second assignment \"=\"; expected one statement a line, and brackets where "
            "one goes on over lines");
    refuses("w * a", 3, "found \"*\"; " + assignment + " behind \"w\"");
    refuses("w =", 4, "found the end of the statement; " + operand);
    refuses("d theta/dt = a", 1, "found \"d theta\"; expected \"dtheta/dt\", without a space");
    refuses("d/dt = 3", 1, "found \"d/dt\"; expected \"dx/dt\"");
    refuses("theta/dt = 3", 1, "found \"theta/dt\"; expected \"dtheta/dt\"");
    refuses("dtheta/dx = 3", 1, "found \"dtheta/dx\"; expected \"dtheta/dt\"");
    refuses("dtheta/dt += 3", 11, "found \"+=\"; expected \"=\" behind \"dtheta/dt\"");
    refuses("pre.r = 3", 1, "found \"pre.r\" as what is assigned; expected a name without a point");
    refuses("w = (a + (b)", 5, "found a \"(\" that is not closed; expected \")\"");
    refuses("w = a + b)", 10, "found a \")\" without its \"(\"; expected an operator");
    refuses("w = clip()", 10, "found \")\"; " + operand);
    refuses("w = clip(a b)", 12, "found \"b\"; expected an operator, \",\" or \")\"");
    refuses("w = pre .r", 9, "found \".\"; expected a name without spaces, as in pre.r");
    refuses("w = a, b", 6,
            "found \",\"; expected an operator; a comma stands between arguments alone");
    refuses("w = a < b", 7, "found \"<\"; expected step(...) or select(...)");
    const std::string chooses = ": select takes its second value where the first is above 0";
    refuses("w = select(post.r > 0.1, w, 0)", 19,
            "found \">\"; expected \"post.r - 0.1\"" + chooses);
    refuses("w = select(a >= b - c, w, 0)", 14, "found \">\"; expected \"a - (b - c)\"" + chooses);
    refuses("w = select(a < b, w, 0)", 14, "found \"<\"; expected \"b - a\"" + chooses);
    refuses("w = select(a, b > c, 0)", 17, "found \">\"; expected step(...) or select(...)");
    refuses("2 = a", 1,
            "found \"2\"; expected a statement, as in w += rate * post.r; one goes on over lines "
            "inside brackets");
    refuses("\tw = (\t×", 8, "found \"×\"; expected \"*\"");
}

TEST_CASE("a place is exact in a text of one line, a long one, a list and other line breaks",
          "[equations]") {
    const std::string told = "rule \"mine\": found \"×\"; expected \"*\"";
    refuses_file("equations = \"w = a × b\"", "a.toml:1:20: " + told);
    refuses_file("equations = 'w = a × b'", "a.toml:1:20: " + told);
    refuses_file("equations = '''w = a × b'''", "a.toml:1:22: " + told);
    refuses_file("equations = '''v = a\nw = a × b'''", "a.toml:2:7: " + told);
    refuses_file("equations = '''\nw = a × b'''", "a.toml:2:7: " + told);
    refuses_file("equations = \"\"\"\nv = a\n  w = a × b\n\"\"\"", "a.toml:3:9: " + told);
    refuses_file("equations = '''\r\nv = a\r\nw = ( a\r\n× b)\r\n'''\r\n", "a.toml:4:1: " + told);
    refuses_file("equations = [\n  'v = a', \"w = a × b\",\n  'u = ×']",
                 "a.toml:2:19: " + told + "\na.toml:3:8: " + told);
}

TEST_CASE("a text without places quotes the line", "[equations]") {
    const std::string told =
        "rule \"mine\": found \"×\"; expected \"*\"; at character 7 of \"w = a × b\"";
    refuses_file("equations = \"v = a\\nw = a × b\"", "a.toml:1:13: " + told);
    const Override change = parse_override("rule.mine.equations=w = a × b");
    CHECK(refusal_of(change.value) == "`override` rule.mine.equations=w = a × b: " + told);
}

TEST_CASE("all mistakes are told at once, and none that follows from another", "[equations]") {
    refuses_file(
        "equations = '''\nv = (a\nw = a b\n\nu = a +\n b\nt = a)\n'''",
        "a.toml:2:5: rule \"mine\": found a \"(\" that is not closed; expected \")\"\n"
        "a.toml:3:7: rule \"mine\": found \"b\" behind the end of the expression; expected "
        "an operator\n"
        "a.toml:5:8: rule \"mine\": found the end of the statement; expected a number, a "
        "name, \"-\" or \"(\"\n"
        "a.toml:7:6: rule \"mine\": found a \")\" without its \"(\"; expected an operator");
    refuses_file("equations = ''",
                 "a.toml:1:13: rule \"mine\": found no statement; expected one a "
                 "line, as in w += rate * post.r * pre.r");
    CHECK_THAT(refusal_of(equations_of("equations = 3")), Catch::Contains("found the number 3"));
    CHECK_THAT(refusal_of(equations_of("equations = ['w = a', 3]")),
               Catch::StartsWith("a.toml:1:23: ") && Catch::Contains("found the number 3"));
}

TEST_CASE("each limit holds, and one more is refused where it begins", "[equations]") {
    const auto text_of = [](const std::string& line) { return value_of(line); };
    const std::string longest = "w = a" + repeated(longest_line - 5, " ");
    CHECK_NOTHROW(parse_equations(text_of(longest)));
    refuses(longest + "#", 401,
            "a line of more than 400 characters; a statement goes on over lines inside brackets");

    for (const char* opening : {"(", "phi(", "-", "a^"}) {
        const std::string closing = std::string(opening).ends_with('(') ? ")" : "";
        const auto nested = [&](int depth) {
            return "w = " + repeated(depth, opening) + "a" + repeated(depth, closing);
        };
        INFO(opening);
        CHECK_NOTHROW(parse_equations(text_of(nested(deepest_expression))));
        CHECK_THAT(refusal_of(text_of(nested(deepest_expression + 1))),
                   Catch::Contains("more than 64 deep"));
    }
    // What is closed is left: any number of brackets may stand beside each other.
    const std::string beside = "w = a" + repeated(deepest_expression + 6, "+(a)");
    CHECK_NOTHROW(parse_equations(text_of(beside)));
    refuses("w = " + repeated(65, "(") + "a" + repeated(65, ")"), 69,
            "brackets, signs and powers more than 64 deep; expected statements that make its "
            "parts");

    const auto parts = [&](const std::string& last) {  // 127 names, 127 signs, and `last`
        return text_of("w = (" + repeated(127, "a\n+ ") + last + ")");
    };
    CHECK_NOTHROW(parse_equations(parts("-a")));
    CHECK_THAT(refusal_of(parts("--a")), Catch::Contains("more than 256 numbers, names"));

    CHECK(parse_equations(text_of(repeated(most_statements, "w = a\n"))).size() == 64);
    refuses_file("equations = '''\n" + repeated(most_statements + 2, "w = a\n") + "'''",
                 "a.toml:66:1: rule \"mine\": more than 64 statements; expected several rules");
}

TEST_CASE("hostile equations are refused soon", "[equations]") {
    constexpr int many = 100'000;
    for (const char* piece : {"(", "-", "a^", "f(", ")", "w = a b\n", "(\n", "a +\n", "×", "\n",
                              "1e9", "w = (\n", "w=a;", ","}) {
        INFO(piece);
        CHECK_THROWS_AS(parse_equations(value_of("w = " + repeated(many, piece))), Rejected);
    }
}

namespace {

// A tree as the parser makes them, of a few parts.
Expression random_tree(std::mt19937& random, int depth) {
    const auto below = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
    const auto next = [&] { return random_tree(random, depth - 1); };
    const std::vector<std::string> names = {"w", "pre.r", "post.soma.v", "d", "_x1"};
    const unsigned kind = depth == 0 ? below(2) : below(9);
    if (kind == 0)
        return number(std::ldexp(static_cast<double>(random()), static_cast<int>(below(80)) - 60));
    if (kind == 1) return name(names[below(5)]);
    if (kind == 2) return tree(Symbol::negative, {next()});
    if (kind == 3) {
        std::vector<Expression> of;
        for (unsigned count = 1 + below(3); count > 0; --count) of.push_back(next());
        return call("clip", of);
    }
    const Symbol symbols[] = {Symbol::add, Symbol::subtract, Symbol::multiply, Symbol::divide,
                              Symbol::power};
    return tree(symbols[kind - 4], {next(), next()});
}

}  // namespace

TEST_CASE("what is written of a tree parses to the same tree", "[equations]") {
    for (const char* text : {"post.r^2 - theta", "(post.r^2 - theta) / tau_ms", "-a^2", "(-a)^2",
                             "a - (b - c)", "a - b - c", "a^b^c", "(a^b)^c", "2^-1", "a * -b",
                             "clip(a, 0, 1e-07)", "--a", "-(a + b)", "a / (b * c)"}) {
        CHECK(to_text(parsed(text)) == text);
    }
    std::mt19937 random(22);
    for (int draw = 0; draw < 3'000; ++draw) {
        const Expression drawn = random_tree(random, 4);
        std::string text = to_text(drawn);
        INFO(text);
        // A line has its limit, and brackets none.
        text = "(" + text + ")";
        for (char& one : text) one = one == ' ' ? '\n' : one;
        CHECK(parsed(text) == drawn);
    }
}

TEST_CASE("the fuzzer's equations parse to what is written of them, or are refused",
          "[equations][fuzz]") {
    int count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(APICAL_SOURCE_DIR "/tests/fuzz/equations")) {
        INFO(entry.path().string());
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        CHECK_NOTHROW(parse_as_equations(text));
        ++count;
    }
    CHECK(count >= 10);
}
