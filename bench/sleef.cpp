// Built once for each instruction set that the loops by hand are.
#include <sleef.h>

#include "bench/hand/loops.hpp"
#include "bench/hand/vector.hpp"

namespace hand {
namespace {

template <auto tanh>
void tanh_of_all(const double* in, double* out, std::size_t count) {
    for (std::size_t i = 0; i < count; i += width) store(out + i, tanh(load(in + i)));
}

}  // namespace

#if defined(__AVX512F__)
extern const Sleef sleef_x86_64_v4;
constinit const Sleef sleef_x86_64_v4 = {tanh_of_all<Sleef_tanhd8_u10avx512f>,
                                         tanh_of_all<Sleef_tanhd8_u35avx512f>};
#else
extern const Sleef sleef_x86_64_v3;
constinit const Sleef sleef_x86_64_v3 = {tanh_of_all<Sleef_tanhd4_u10avx2>,
                                         tanh_of_all<Sleef_tanhd4_u35avx2>};
#endif

}  // namespace hand
