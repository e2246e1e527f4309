package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.data.TokenizerCheck;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.testing.ChangedFile;
import org.layerwise.testing.Golden;

/** Where memory is short, weights stay in their files: nothing is reported that was computed while these changed. */
class TightMemoryTest {

    @TempDir
    private Path folder;

    private Workbench workbench;

    @BeforeEach
    void open() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(Golden.folder("bert").resolve(name), folder.resolve(name));
        }
    }

    @AfterEach
    void close() {
        workbench.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"WHOLE", "LAYERS"})
    void computesTheSameAndRefusesWeightsThatChange(Loading loading) {
        Path file = folder.resolve("model.safetensors");
        try (OpenModel ample = model(loading, Long.MAX_VALUE);
                OpenModel tight = model(loading, 1)) {
            TokenizedDataset rows = TinyStudy.tokens(
                    workbench, ample, DataSettings.of(TinyStudy.classes(folder).toString()));
            Representations expected = ample.represent(rows, Position.FIRST, Progress.none());
            Representations actual = tight.represent(rows, Position.FIRST, Progress.none());
            for (int state = 0; state <= ample.card().layers(); state++) {
                assertThat(actual.layers().get(state).values())
                        .isEqualTo(expected.layers().get(state).values());
            }

            Progress changes = ChangedFile.overwritesEnd(file, 0);
            assertThatThrownBy(() -> tight.represent(rows, Position.FIRST, changes))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(file + " was changed or replaced");
        }
    }

    private OpenModel model(Loading loading, long available) {
        ModelBlueprint blueprint = ModelBlueprint.read(workbench.engine(), Checkpoint.open(folder));
        return new OpenModel(
                ModelSettings.of(folder.toString()),
                workbench.engine(),
                blueprint,
                Device.CPU,
                DType.F32,
                MemoryNeed.of(blueprint.bytes(DType.F32), blueprint.largestPartBytes(DType.F32), available, loading),
                new TokenizerCheck(folder.resolve("cache")),
                ModelListener.none(),
                Progress.none());
    }
}
