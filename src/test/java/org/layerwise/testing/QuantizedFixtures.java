package org.layerwise.testing;

import java.util.stream.Stream;

/** Golden checkpoints with quantised weights. */
public final class QuantizedFixtures {

    private QuantizedFixtures() {}

    /** Returns the names of their folders. */
    public static Stream<String> names() {
        return Stream.of(
                "awq_gemm",
                "bnb_fp4",
                "bnb_int8",
                "bnb_nf4",
                "bnb_nf4_double",
                "bnb_nf4_some",
                "ct_float8",
                "ct_pack_int4",
                "fp8_block",
                "fp8_block_bf16",
                "gptq_int4",
                "mxfp4_gpt_oss");
    }
}
