package org.layerwise.gui;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An opened selection of linear maps is said beside its layers, until layers are chosen in another way. */
class ModuleSelectionUiTest extends WindowTest {

    @Test
    void linearMapsAreSaidUntilALayerIsChosen(@TempDir Path folder) throws Exception {
        openTheSample();
        Path file = folder.resolve("selection.json");
        Files.writeString(
                file,
                """
                {"layers": [1, 5], "of": 12, "modules": {"encoder.layer.1.attention.self.query": 4,
                    "encoder.layer.5.output.dense": 2}}
                """);
        onFx(() -> window.open(file));
        await("the selection is taken", () -> words("#selection-count")
                .equals("2 of 12 layers: 2 linear maps, ranks 2 to 4"));
        new Pictures(this).both("linear-maps");

        clickOn("#menu-selection");
        clickOn("#menu-select-all");
        await("all layers are chosen", () -> words("#selection-count").equals("12 of 12 layers"));
    }
}
