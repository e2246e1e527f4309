package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.extraction.RepresentationExtractor;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenData;

/** A model whose matrices stay in their files computes the bits of one that is read. */
class MappedModelTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "gpt2",
                "llama",
                "gemma2",
                "v5/gemma4_e",
                "v5/mixtral",
                "quantised/awq_gemm",
                "quantised/bnb_int8",
                "quantised/bnb_nf4_double",
                "quantised/bnb_nf4_some",
                "quantised/ct_pack_int4",
                "quantised/fp8_block",
                "quantised/mxfp4_gpt_oss"
            })
    void computesTheSame(String fixture) {
        TokenizedDataset data = GoldenData.rows(fixture);
        for (DType type : new DType[] {DType.F32, DType.BF16}) {
            Representations read = states(fixture, data, type, false);
            Representations mapped = states(fixture, data, type, true);
            for (int state = 0; state < read.layers().size(); state++) {
                assertThat(mapped.layers().get(state).values())
                        .as("%s, state %s", type, state)
                        .isEqualTo(read.layers().get(state).values());
            }
        }
    }

    private Representations states(String fixture, TokenizedDataset data, DType type, boolean mapped) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture));
                TransformerModel model = load(ModelBlueprint.read(engine, checkpoint), type, mapped)) {
            return new RepresentationExtractor(model).extract(data, Position.LAST, Progress.none());
        }
    }

    private TransformerModel load(ModelBlueprint blueprint, DType type, boolean mapped) {
        return mapped
                ? TransformerModel.loadMapped(engine, blueprint, Engines.device(), type, Progress.none())
                : TransformerModel.load(engine, blueprint, Engines.device(), type, Progress.none());
    }
}
