#include "circuits/program.hpp"

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

    std::string text() const {
        switch (op_.kind) {
            case Kind::inject:
                return fmt::format("{} = task", name(0));
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
            case Kind::hebb:
                return changed(fmt::format("{} x {}", name(1), name(2)));
            case Kind::consolidate:
                return changed(fmt::format("{} . {}", name(1), name(2)));
            case Kind::assign: {
                if (op_.function == Function::jacobian) {
                    return fmt::format("{} = {:.6g} I + {:.6g} diag({}) {}", name(0), op_.retain,
                                       op_.gain, name(2), name(1));
                }
                const std::string when =
                    op_.every > 1 ? fmt::format(" every {} steps", op_.every) : "";
                return fmt::format("{} = {}{}", name(0), name(1), when);
            }
            case Kind::remember:
                return fmt::format("{} = {}", name(0), name(1));
        }
        return "";
    }

private:
    const std::string& name(std::size_t k) const { return program_[op_.operands[k].slot].name; }

    std::string changed(const std::string& by) const {
        if (op_.retain == 1.0) return fmt::format("{} += {:.6g} {}", name(0), op_.gain, by);
        return fmt::format("{} = {:.6g} {} + {:.6g} {}", name(0), op_.retain, name(0), op_.gain,
                           by);
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

    std::string cellwise() const {
        switch (op_.function) {
            case Function::none:
            case Function::jacobian:
                break;
            case Function::slope:
                return fmt::format("{} = {}'({})", name(0), activation_name(op_.activation),
                                   name(1));
            case Function::product:
                return fmt::format("{} = {} {}", name(0), name(1), name(2));
            case Function::sum:
                return fmt::format("{} = {} + {}", name(0), name(1), name(2));
            case Function::difference:
                return fmt::format("{} = {} - {}", name(0), name(1), name(2));
        }
        return "";
    }

    const Program& program_;
    const Operation& op_;
};

}  // namespace

SlotId Program::find(std::string_view name) const {
    const auto found =
        std::find_if(slots.begin(), slots.end(), [&](const Slot& s) { return s.name == name; });
    return found == slots.end() ? SlotId{}
                                : SlotId(static_cast<std::size_t>(found - slots.begin()));
}

namespace {

std::string line_text(const Program& program, std::size_t index, std::size_t width) {
    const Operation& op = program.operations[index];
    const std::string_view phase =
        op.phase ? std::string_view(program.phase_names[op.phase.value]) : "step's end";
    return fmt::format("{:>3}  {:<10} {:<11} {:<{}}  {}", index + 1, phase, traits(op.kind).verb,
                       Line(program, op).text(), width, op.asked_by);
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
