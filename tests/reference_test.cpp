// The authors' trajectories (tests/data/reference), from their initial values, inputs and labels,
// through shipped models.
#include "tests/reference_run.hpp"

using namespace apical::reference;

namespace {

std::vector<std::string> dni_overrides(const std::string& name) {
    const auto columns = [&](const char* set, int first, int end) {
        return fmt::format(
            "synapses.{}.init={}", set,
            from_file(name, fmt::format("dataset = \"init_A\", columns = [{}, {}]", first, end)));
    };
    return {columns("A_r", 0, n), columns("A_y", n, n + n_out),
            columns("A_1", n + n_out, n + n_out + 1), "plasticity.recurrent.rate=0.05",
            "plasticity.synthetic_gradient.rate=0.03"};
}

std::vector<std::string> learned_jacobian(const std::string& name) {
    return {"synapses.J.init=" + from_file(name, "dataset = \"init_J_approx\""),
            "plasticity.jacobian.rate=0.02"};
}

// c = transpose(W_out) e: the random feedback is silenced.
std::vector<std::string> mirrored() {
    return {
        "synapses.B_fb.init={ constant = 0.0 }",
        "synapses.W_out.back={ from = \"error\", to = \"hidden.feedback\", during = \"update\" }"};
}

std::vector<std::string> random_feedback(const std::string& name) {
    return {"synapses.B_fb.init=" + from_file(name, "dataset = \"W_FB\", transpose = true")};
}

const char* const jacobian_first = "plasticity.jacobian.during=\"forward\"";

void same_dni(const Comparison& c) {
    c.same_forward_pass_and_readout();
    c.same(c.ours("/state/hidden/feedback/voltage", 1), "q");
    c.same(c.ours("/state/hidden/feedback/previous_voltage"), "q_prev");
    c.same(c.ours("/plasticity/synthetic_gradient/target"), "sg_target");
    c.same(c.ours("/plasticity/synthetic_gradient/error"), "A_error");
    c.same(c.ours("/state/hidden/credit/voltage", 2), "sg");
    c.same(
        c.beside({"/synapses/A_r/strength", "/synapses/A_y/strength", "/synapses/A_1/strength"}, n),
        "A");
    const Matrix teaching = c.ours("/plasticity/recurrent/teaching"), pre = c.presynaptic();
    Matrix gradient(steps, n * m);
    for (int t = 0; t < steps; ++t) {
        for (int i = 0; i < n; ++i)
            gradient.row(t).segment(i * m, m) = alpha * teaching(t, i) * pre.row(t);
    }
    c.same(gradient, "grad_W");
}

void same_dni_b(const Comparison& c) {
    same_dni(c);
    c.same(c.ours("/state/hidden/rate", 1), "sg_next");
    c.same(c.ours("/synapses/J/strength"), "J_approx");
}

void same_exact_dni(const Comparison& c) {
    same_dni(c);
    c.same(c.ours("/state/hidden/apical/voltage", 1), "sg_next");
    c.same(c.ours("/synapses/J/strength"), "J");
}

void same_target_copy(const Comparison& c) {
    c.same(
        c.beside({"/synapses/T_r/strength", "/synapses/T_y/strength", "/synapses/T_1/strength"}, n),
        "A_target");
}

}  // namespace

TEST_CASE("fixed W reproduces the authors' trajectory", "[reference]") {
    const Comparison c("fixed_w.toml", "fixedW", {});
    c.same_forward_pass_and_readout();
}

TEST_CASE("RFLO with mirrored feedback reproduces the authors' trajectory", "[reference]") {
    const Comparison c("variants/rflo_mirrored.toml", "RFLO", {{"plasticity.recurrent.rate=0.05"}});
    c.same_forward_pass_and_readout();
    c.same(c.ours("/state/hidden/feedback/voltage", 1), "q");
    const Matrix traces = c.beside(
        {"/synapses/W_rec/eligibility", "/synapses/W_in/eligibility", "/synapses/b/eligibility"},
        n);
    c.same(traces, "B");
    const Matrix credit = c.ours("/state/hidden/feedback/voltage", 1);
    Matrix gradient(steps, n * m);
    for (int i = 0; i < n; ++i) {
        gradient.middleCols(i * m, m) =
            traces.middleCols(i * m, m).array().colwise() * credit.col(i).array();
    }
    c.same(gradient, "grad_W");
}

TEST_CASE("replayed DNI(b) without target copy reproduces the authors' trajectory", "[reference]") {
    const std::string name = "DNIb_noFB_fix1";
    const Comparison c("variants/dni_b_replayed.toml", name,
                       {dni_overrides(name), learned_jacobian(name), mirrored(), {jacobian_first}});
    same_dni_b(c);
}

TEST_CASE("DNI(b) with a target copy and mirrored feedback reproduces the authors' trajectory",
          "[reference]") {
    const std::string name = "DNIb_noFB";
    const Comparison c("variants/dni_b_target_copy.toml", name,
                       {dni_overrides(name), learned_jacobian(name), mirrored(), {jacobian_first}});
    same_dni_b(c);
    same_target_copy(c);
}

TEST_CASE("DNI(b) with a target copy and random feedback reproduces the authors' trajectory",
          "[reference]") {
    const std::string name = "DNIb";
    const Comparison c(
        "variants/dni_b_target_copy.toml", name,
        {dni_overrides(name), learned_jacobian(name), random_feedback(name), {jacobian_first}});
    same_dni_b(c);
    same_target_copy(c);
}

TEST_CASE("DNI(b) whose Jacobian changes after its use reproduces the authors' trajectory",
          "[reference]") {
    const std::string name = "DNIb_2019";
    const Comparison c("variants/dni_b_target_copy.toml", name,
                       {dni_overrides(name), learned_jacobian(name), random_feedback(name)});
    same_dni_b(c);
    same_target_copy(c);
}

TEST_CASE("DNI with the exact Jacobian reproduces the authors' trajectory", "[reference]") {
    const std::string name = "DNI_fix1";
    const Comparison c("dni.toml", name, {dni_overrides(name)});
    same_exact_dni(c);
}

TEST_CASE("DNI with a target copy reproduces the authors' trajectory", "[reference]") {
    const std::string name = "DNI";
    const Comparison c("variants/dni_target_copy.toml", name, {dni_overrides(name)});
    same_exact_dni(c);
    same_target_copy(c);
}
