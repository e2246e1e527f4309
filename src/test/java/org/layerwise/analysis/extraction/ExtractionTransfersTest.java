package org.layerwise.analysis.extraction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.analysis.Position;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.LayerStream;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.StrictEngine;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.Transfers;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;

/** What the analysis of one batch reads from a GPU. */
class ExtractionTransfersTest {

    private static final Device GPU = Device.cuda(0);

    private final StrictEngine strict = StrictEngine.shared();
    private final TensorEngine engine = strict.engine();
    private final TokenizedDataset data = GoldenBert.data();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Position.class)
    void aBatchOfAWholeModelIsOneRead(Position position) {
        try (TransformerModel model =
                TransformerModel.load(engine, Checkpoint.open(Golden.folder("bert")), GPU, Progress.none())) {
            List<Batch> batches = Batches.byRows(data, model.config().rowPadding(), 2);
            strict.transfers().clear();
            new RepresentationExtractor(model).extract(data, batches, position, false, Progress.none());
            assertThat(batches).hasSizeGreaterThan(1);
            assertThat(strict.transfers().places(Transfers.Kind.READ))
                    .hasSameSizeAs(batches)
                    .containsOnly("RepresentationExtractor.vectors");
            assertThat(strict.transfers().places(Transfers.Kind.TO_CPU)).isEmpty();
        }
    }

    /** Hidden states wait for the next layer on the processor, since the card may hold one layer only. */
    @ParameterizedTest
    @EnumSource(Position.class)
    void aBatchOfOneLayerIsOneRead(Position position) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("bert"))) {
            LayerStream stream = new LayerStream(engine, ModelBlueprint.read(engine, checkpoint), GPU, DType.F32);
            int layers = stream.config().layers();
            strict.transfers().clear();
            new LayeredExtractor(stream, Long.MAX_VALUE, folder).extract(data, position, Progress.none());
            assertThat(strict.transfers().places(Transfers.Kind.READ))
                    .isEqualTo(Collections.nCopies(layers + 1, "LayeredExtractor.extract"));
            assertThat(strict.transfers().places(Transfers.Kind.TO_CPU)).hasSize(layers);
        }
    }
}
