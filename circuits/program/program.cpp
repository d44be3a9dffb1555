#include "circuits/program/program.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

namespace {

std::string_view activation_name(Activation activation) {
    switch (activation) {
        case Activation::linear:
            return "linear";
        case Activation::tanh:
            return "tanh";
        case Activation::rectified:
            return "rectified";
        case Activation::logistic:
            return "logistic";
        case Activation::softmax:
            return "softmax";
    }
    return "";
}

class Line {
public:
    Line(const Program& program, const Operation& operation) : program_(program), op_(operation) {}

    std::string text() const { return equation() + when(); }

private:
    std::string equation() const {
        switch (op_.kind) {
            case Kind::inject:
                return fmt::format("{} = task", name(0));
            case Kind::noise:
                return noise();
            case Kind::gate:
                return fmt::format("{} = {} ({})", name(0), op_.gain,
                                   op_.gain > 0 ? "open" : "closed");
            case Kind::transmit:
                return transmit();
            case Kind::relax:
                return fmt::format("{} = {} + {:.6g} ({} - {})", name(0), name(1), op_.retain,
                                   name(0), name(1));
            case Kind::fire:
                return fire();
            case Kind::readout:
                return fmt::format("{} = softmax({})", name(0), name(1));
            case Kind::cellwise:
                return cellwise();
            case Kind::modulate:
                return modulate();
            case Kind::hebb:
                return hebb();
            case Kind::consolidate:
                return op_.operands.size() == 2 ? changed(name(1))
                                                : changed(fmt::format("{} . {}", name(1), name(2)));
            case Kind::assign:
                return assign();
            case Kind::multiply:
                return multiply();
            case Kind::contract:
                return contract();
            case Kind::recall:
                if (op_.operands[0].access == Access::increment)
                    return fmt::format("{}, {} steps ago, += {}", name(0), op_.lag, name(1));
                return fmt::format("{} = {}, {} steps ago", name(0), name(1), op_.lag);
            case Kind::remember:
                if (op_.function == Function::history)
                    return fmt::format("{} <- {}", name(0), name(1));
                return fmt::format("{} = {}", name(0), name(1));
        }
        return "";
    }

    std::string when() const {
        return op_.every > 1 ? fmt::format(", every {} steps", op_.every) : "";
    }

    const std::string& name(std::size_t k) const { return program_[op_.operands[k].slot].name; }

    std::string changed(const std::string& by) const {
        if (op_.retain == 0.0) return fmt::format("{} = {}", name(0), scaled(op_.gain, by));
        if (op_.retain == 1.0) return fmt::format("{} += {:.6g} {}", name(0), op_.gain, by);
        return fmt::format("{} = {:.6g} {} + {:.6g} {}", name(0), op_.retain, name(0), op_.gain,
                           by);
    }

    std::string hebb() const {
        const std::string by = fmt::format("{} x {}", name(1), name(2));
        if (op_.operands.size() == 3) return changed(by);
        const std::string scale = op_.operands.size() > 4 ? name(4) + " " : "";
        const std::string gain = op_.gain == 1.0 ? "" : fmt::format("{:.6g} ", op_.gain);
        return fmt::format("{0} = {1} {0} + {2}{3}{4}", name(0), name(3), gain, scale, by);
    }

    std::string noise() const {
        const std::string draw =
            op_.function == Function::sign ? "-1 or 1" : fmt::format("{:.6g} N(0, 1)", op_.gain);
        if (op_.replay < 0) return fmt::format("{} = {}", name(0), draw);
        const Replay& replay = program_.replays[static_cast<std::size_t>(op_.replay)];
        const std::string column =
            replay.columns > 0 ? fmt::format(", column {}", replay.column) : "";
        return fmt::format("{} = \"{}\" of \"{}\"{}", name(0), replay.dataset, replay.path, column);
    }

    std::string modulate() const {
        switch (op_.function) {
            case Function::inner:
                return fmt::format("{} {} sum({} {})", name(0),
                                   op_.operands[0].access == Access::set ? "=" : "+=", name(1),
                                   name(2));
            case Function::quotient:
                return fmt::format("{} = {} / {}", name(0), name(1), name(2));
            case Function::balance:
                return fmt::format("{} = ({} / {})^(1/4)", name(0), name(1), name(2));
            case Function::constant:
                return fmt::format("{} = {:.6g}", name(0), op_.gain);
            default:
                return fmt::format("{} = {} {}", name(0), name(1), name(2));
        }
    }

    std::string assign() const {
        switch (op_.function) {
            case Function::jacobian:
                return fmt::format("{} = {:.6g} I + {:.6g} diag({}) {}", name(0), op_.retain,
                                   op_.gain, name(2), name(1));
            case Function::diagonal:
                return fmt::format("{0} = {1} {0} + {2} diag({3})", name(0), name(2), name(3),
                                   name(1));
            case Function::zero:
                return fmt::format("{} = 0", name(0));
            default:
                return fmt::format("{} = {}", name(0), name(1));
        }
    }

    std::string multiply() const {
        if (op_.operands.size() == 2) return fmt::format("{0} = {1} {0}", name(0), name(1));
        const char* sign = op_.operands[0].access == Access::set ? "=" : "+=";
        const std::string matrix = op_.reverse ? fmt::format("transpose({})", name(1)) : name(1);
        return fmt::format("{} {} {} {}", name(0), sign, matrix, name(2));
    }

    std::string contract() const {
        if (op_.function == Function::credit)
            return fmt::format("{}_ij = sum_k {}_k {}_kij", name(0), name(2), name(1));
        return fmt::format("{0} = {1} {0} + {2:.6g} delta_ki {3}_i {4}_j", name(0), name(1),
                           op_.gain, name(2), name(3));
    }

    std::string transmit() const {
        const char* sign = op_.operands[0].access == Access::set ? "=" : "+=";
        if (op_.operands.size() == 2) {
            const char* minus = op_.gain < 0 ? "-" : "";
            return fmt::format("{} {} {}{} (one to one)", name(0), sign, minus, name(1));
        }
        const std::string strengths = op_.reverse ? fmt::format("transpose({})", name(2)) : name(2);
        return fmt::format("{} {} {} {}", name(0), sign, strengths, name(1));
    }

    std::string fire() const {
        std::vector<std::string> drives;
        std::size_t k = 1;
        for (const bool gated : op_.gated) {
            drives.push_back(gated ? fmt::format("{} {}", name(k + 1), name(k)) : name(k));
            k += gated ? 2 : 1;
        }
        std::string phi = fmt::format("{}", fmt::join(drives, " + "));
        if (op_.activation != Activation::linear)
            phi = fmt::format("{}({})", activation_name(op_.activation), phi);
        if (op_.gain == 1.0) return fmt::format("{} = {}", name(0), phi);
        return fmt::format("{} = {:.6g} {} + {:.6g} {}", name(0), op_.retain, name(0), op_.gain,
                           phi);
    }

    std::string scaled(double factor, const std::string& of) const {
        return factor == 1.0 ? of : fmt::format("{:.6g} {}", factor, of);
    }

    std::string cellwise() const {
        switch (op_.function) {
            case Function::slope:
                return fmt::format("{} = {}'({})", name(0), activation_name(op_.activation),
                                   name(1));
            case Function::product: {
                const bool alone = op_.operands.size() == 2;
                return fmt::format("{} = {}", name(0),
                                   scaled(op_.gain, alone ? name(1) : name(1) + " " + name(2)));
            }
            case Function::sum:
                if (op_.operands.size() > 3)
                    return fmt::format("{} = {} {} + {} {}", name(0), name(3), name(1), name(4),
                                       name(2));
                return fmt::format("{} = {} + {}", name(0), scaled(op_.retain, name(1)),
                                   scaled(op_.gain, name(2)));
            case Function::difference:
                return fmt::format("{} = {} - {}", name(0), name(1), name(2));
            case Function::complement:
                if (op_.activation == Activation::rectified)
                    return fmt::format("{} = max(0, 1 - {})", name(0), name(1));
                return fmt::format("{} = 1 - {}", name(0), name(1));
            default:
                return "";
        }
    }

    const Program& program_;
    const Operation& op_;
};

}  // namespace

std::string_view phase_name(const Program& program, PhaseId phase) {
    return phase ? std::string_view(program.phase_names[phase.value]) : "step's end";
}

namespace {

std::string line_text(const Program& program, std::size_t index, std::size_t width) {
    const Operation& op = program.operations[index];
    return fmt::format("{:>3}  {:<10} {:<11} {:<{}}  {}", index + 1, phase_name(program, op.phase),
                       traits(op.kind).verb, Line(program, op).text(), width, op.asked_by);
}

}  // namespace

std::string listing_line(const Program& program, std::size_t index) {
    return line_text(program, index, 0);
}

std::string listing(const Program& program) {
    std::size_t width = 0;
    for (const Operation& op : program.operations) {
        width = std::max(width, Line(program, op).text().size());
    }
    std::string text = fmt::format("{:>3}  {:<10} {:<11} {:<{}}  {}\n", "#", "phase", "verb",
                                   "operands", width, "asked by");
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        text += line_text(program, i, width) + '\n';
    }
    return text;
}

}  // namespace apical
