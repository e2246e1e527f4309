package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.data.TaskPreset;
import org.layerwise.settings.DataSettings;

class DataPreviewTest {

    @TempDir
    Path folder;

    @Test
    void aPreviewHasTheImageOfEachRow() throws Exception {
        ImageIO.write(
                new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB),
                "png",
                folder.resolve("red.png").toFile());
        Path rows = folder.resolve("rows.jsonl");
        Files.writeString(
                rows,
                """
                {"text": "a red thing", "image": "red.png"}
                {"text": "the same", "image": "red.png"}
                """);
        DataSettings settings = new DataSettings(rows.toString(), null, null, "image", null, 128, null);
        Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
        DataPreview preview = DataPreview.read(workbench, settings, Progress.none());
        assertThat(preview.rows()).hasSize(2).allSatisfy(row -> {
            assertThat(row.image().text()).isEqualTo("red.png");
            assertThat(row.image().read("row")).isEqualTo(Files.readAllBytes(folder.resolve("red.png")));
        });
        assertThat(DataPreview.read(workbench, DataSettings.of(rows.toString()), Progress.none())
                        .rows())
                .allSatisfy(row -> assertThat(row.image()).isNull());
    }

    @Test
    void numbersOfAPresetAreCountedByTheNamesOfItsClasses() throws Exception {
        Path rows = Files.writeString(folder.resolve("rows.csv"), "sentence,label\nfine,1\ngood,1\nbad,0\n");
        DataSettings settings = DataSettings.of(rows.toString()).withPreset(TaskPreset.SST2);
        assertThat(DataPreview.read(TinyStudy.workbench(folder.resolve("home")), settings, Progress.none())
                        .labelCounts())
                .containsEntry("positive", 2)
                .containsEntry("negative", 1);
    }
}
