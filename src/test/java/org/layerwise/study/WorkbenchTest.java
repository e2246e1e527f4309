package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.install.AppFolders;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.ModelInspection;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.Golden;

class WorkbenchTest {

    @TempDir
    Path folder;

    @Test
    void aDecoderIsOpenedALayerAtATimeWithItsArchitecture() {
        ModelSettings settings =
                new ModelSettings(Golden.folder("llama").toString(), "cpu", ComputeType.BF16, Loading.LAYERS);
        AppFolders folders = new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache"));
        try (Workbench workbench = new Workbench(folders);
                OpenModel model = workbench.openModel(settings, new PauseSwitch(), Progress.none())) {
            assertThat(model.card().memory().byLayers()).isTrue();
            assertThat(model.card().dtype()).isEqualTo("bfloat16");
            ModelInspection inspection = model.inspection();
            assertThat(inspection.parameters()).isEqualTo(model.card().parameters());
            assertThat(inspection.parametersOf(0))
                    .isEqualTo(inspection.parametersOf(3))
                    .isPositive();
        }
    }
}
