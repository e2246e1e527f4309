package org.layerwise.analysis.extraction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.LayerStream;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenData;

/** A model used a layer at a time gives what the whole model gives. */
class LayeredExtractorTest {

    private final TensorEngine engine = Engines.shared();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "electra",
                "deberta_v3",
                "deberta_v2_conv",
                "modernbert",
                "llama",
                "llama_dynamic",
                "llama_sharded_bf16",
                "gemma2",
                "gpt2",
                "phi3_longrope",
                "v5/cohere2",
                "v5/eurobert",
                "v5/gemma4_e",
                "v5/gpt_neox",
                "v5/ministral3",
                "v5/mixtral",
                "quantised/bnb_nf4",
                "quantised/mxfp4_gpt_oss"
            })
    void givesWhatTheWholeModelGives(String fixture) throws IOException {
        int liveBefore = engine.liveTensors();
        TokenizedDataset data = GoldenData.rows(fixture);
        for (DType type : new DType[] {DType.F32, DType.BF16}) {
            Representations whole;
            try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture));
                    TransformerModel model = TransformerModel.load(
                            engine, ModelBlueprint.read(engine, checkpoint), Engines.device(), type, Progress.none())) {
                whole = new RepresentationExtractor(model).extract(data, Position.LAST, Progress.none());
            }
            for (long limit : new long[] {Long.MAX_VALUE, 0}) {
                assertSame(layered(fixture, type, data, limit, Progress.none()), whole);
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    /** In bfloat16 packed weights round otherwise than plain ones, so that both ways to load a model must pack. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "llama", "gemma2", "gpt2", "phi3_longrope", "v5/mixtral"})
    void packedLayersGiveTheBitsOfThePackedModel(String fixture) {
        assumeTrue(engine.packs(Engines.device(), DType.BF16), "this device packs no weights");
        TokenizedDataset data = GoldenData.rows(fixture);
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture));
                TransformerModel model = TransformerModel.loadPacked(
                        engine,
                        ModelBlueprint.read(engine, checkpoint),
                        Engines.device(),
                        DType.BF16,
                        Progress.none())) {
            Representations whole = new RepresentationExtractor(model).extract(data, Position.LAST, Progress.none());
            LayerStream stream = LayerStream.packed(engine, model.blueprint(), Engines.device(), DType.BF16);
            Representations layered =
                    new LayeredExtractor(stream, 0, folder).extract(data, Position.LAST, Progress.none());
            assertThat(layered.layers()).hasSameSizeAs(whole.layers());
            for (int layer = 0; layer < whole.layers().size(); layer++) {
                assertThat(layered.layers().get(layer).values())
                        .containsExactly(whole.layers().get(layer).values());
            }
        }
    }

    /** Few batches decode a weight for each computation, many keep it decoded. */
    @ParameterizedTest
    @ValueSource(strings = {"quantised/bnb_nf4", "quantised/mxfp4_gpt_oss"})
    void weightsDecodedOnceAndEachTimeGiveTheSameBits(String fixture) {
        int liveBefore = engine.liveTensors();
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture));
                Scope scope = engine.inference()) {
            ModelBlueprint blueprint = ModelBlueprint.read(engine, checkpoint);
            TokenBatch batch = Batches.byRows(
                            GoldenData.rows(fixture), blueprint.config().rowPadding(), 2)
                    .get(0)
                    .tokens();
            LayerStream once = new LayerStream(engine, blueprint, Engines.device(), DType.F32);
            Tensor state;
            try (LayerStream.Stage embeddings = once.embeddings(Progress.none())) {
                state = embeddings.apply(batch, null);
            }
            try (LayerStream.Stage kept = once.layer(0, Progress.none());
                    LayerStream.Stage decoded = once.decodingEachTime().layer(0, Progress.none())) {
                assertThat(decoded.apply(batch, state).floats())
                        .containsExactly(kept.apply(batch, state).floats());
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void cancellingLeavesNothing() throws IOException {
        int liveBefore = engine.liveTensors();
        Progress afterSomeReports = new Progress() {
            private int reports;

            @Override
            public void report(double fraction, String message) {
                reports++;
            }

            @Override
            public boolean cancelled() {
                return reports > 3;
            }
        };
        TokenizedDataset data = GoldenData.rows("llama");
        assertThatThrownBy(() -> layered("llama", DType.F32, data, 0, afterSomeReports))
                .isInstanceOf(CancelledException.class);
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    private Representations layered(String fixture, DType type, TokenizedDataset data, long limit, Progress progress) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture))) {
            LayerStream stream =
                    new LayerStream(engine, ModelBlueprint.read(engine, checkpoint), Engines.device(), type);
            return new LayeredExtractor(stream, limit, folder).extract(data, Position.LAST, progress);
        }
    }

    private static void assertSame(Representations actual, Representations expected) {
        assertThat(actual.layers()).hasSameSizeAs(expected.layers());
        for (int layer = 0; layer < expected.layers().size(); layer++) {
            assertThat(actual.layers().get(layer).values())
                    .containsExactly(expected.layers().get(layer).values(), within(1e-5f));
        }
    }
}
