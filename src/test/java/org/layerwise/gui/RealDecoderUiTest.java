package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.layerwise.install.AppFolders;
import org.layerwise.study.Workbench;
import org.layerwise.testing.Golden;

/** A tiny decoder in the real window on the real engine: opened, looked at, analyzed at its last token. */
class RealDecoderUiTest extends WindowTest {

    private static final int ROWS = 24;

    @Override
    protected Workbench workbench() {
        return new Workbench(new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache")));
    }

    @Test
    void aDecoderIsOpenedAndAnalyzedAtItsLastToken() throws Exception {
        files.choose(Golden.folder("llama"));
        clickOn("#welcome-open");
        clickOn("#choose-folder");
        await("the card is there", () -> words("#model-name").equals("llama"));
        assertThat(words("#model-family")).isEqualTo("llama, decoder");
        assertThat(words("#model-layers")).isEqualTo("4 × 48");
        assertThat(words("#model-position")).isEqualTo("last token");
        assertThat(words("#architecture-total")).startsWith("39 tensors");

        files.choose(table());
        clickOn("#tab-data");
        clickOn("#data-open");
        await("the rows are there", () -> words("#data-name").equals("rows"));
        push(KeyCode.CONTROL, KeyCode.R);
        await("two of four layers are chosen", () -> words("#selection-count").equals("2 of 4 layers"));
        assertThat(words("#analysis-facts")).contains("24 rows").contains("last token");
    }

    @Test
    void layersOfAKindAreMarkedAndSelectedTogether() throws Exception {
        files.choose(Golden.folder("v5/qwen3_5"));
        clickOn("#welcome-open");
        clickOn("#choose-folder");
        await("the card is there", () -> words("#model-name").equals("qwen3_5"));
        files.choose(table());
        clickOn("#tab-data");
        clickOn("#data-open");
        await("the rows are there", () -> words("#data-name").equals("rows"));
        push(KeyCode.CONTROL, KeyCode.R);
        await("half is chosen", () -> words("#selection-count").equals("2 of 4 layers"));
        clickOn("#select-rule");
        await("the kinds are offered", () -> visible("#select-linear-attention"));
        clickOn("#select-linear-attention");
        await("they are selected", () -> words("#selection-rule").equals("by kind (linear attention)"));
        assertThat(words("#selection-count")).isEqualTo("3 of 4 layers");
        new Pictures(this).both("36-kinds-of-layers");
        push(KeyCode.CONTROL, KeyCode.Z);
        await("the half is back", () -> words("#selection-count").equals("2 of 4 layers"));
        clickOn("#select-rule");
        await("the last layers are offered", () -> visible("#select-last"));
        new Pictures(this).both("37-rules-of-selection");
        clickOn("#select-last");
        await("they are selected", () -> words("#selection-rule").equals("by position (last 2 layers)"));
        clickOn("#select-rule");
        await("importance is offered", () -> visible("#select-ratio"));
        clickOn("#select-ratio");
        await("by importance again", () -> words("#selection-rule").equals("the most important by ratio"));
    }

    @Test
    void loadOfExpertsIsShown() throws Exception {
        files.choose(Golden.folder("v5/qwen3_moe"));
        clickOn("#welcome-open");
        clickOn("#choose-folder");
        await("the card is there", () -> words("#model-name").equals("qwen3_moe"));
        files.choose(table());
        clickOn("#tab-data");
        clickOn("#data-open");
        await("the rows are there", () -> words("#data-name").equals("rows"));
        push(KeyCode.CONTROL, KeyCode.R);
        await("the experts can be looked at", () -> visible("#view-experts"));
        clickOn("#view-experts");
        await("they are shown", () -> visible("#experts"));
        assertThat(words("#experts-summary")).startsWith("Tokens are spread over experts least evenly in layer ");
        moveTo("#experts");
        await("a cell is read", () -> words("#experts-readout").contains("entropy of the layer"));
        new Pictures(this).both("37-experts");
        clickOn("#view-single");
        await("the heatmap is back", () -> visible("#heatmap"));
    }

    private static Path table() throws IOException {
        Random random = new Random(7);
        Path file = folder.resolve("rows.jsonl");
        Files.write(
                file,
                IntStream.range(0, ROWS)
                        .mapToObj(row -> "{\"input_ids\": [1, %s]}"
                                .formatted(IntStream.range(0, 6 + row % 9)
                                        .mapToObj(token -> String.valueOf(3 + random.nextInt(60)))
                                        .collect(Collectors.joining(", "))))
                        .toList());
        return file;
    }
}
