package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.control.Button;
import org.junit.jupiter.api.Test;
import org.layerwise.base.json.Json;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.study.TinyStudy;
import org.layerwise.testing.Golden;

/** Somebody's adapter is opened, its norms are looked at layer by layer and module by module; photographed. */
class AdapterUiTest extends WindowTest {

    private final Pictures pictures = new Pictures(this);

    private Path adapter() throws Exception {
        Path from = Golden.folder("lora_bert/adapter_final");
        Path folder = Files.createDirectory(home.resolve("sst2-lora"));
        Files.copy(from.resolve(PeftAdapter.WEIGHTS), folder.resolve(PeftAdapter.WEIGHTS));
        ObjectNode config = (ObjectNode) Json.read(from.resolve(PeftAdapter.CONFIG));
        Json.write(folder.resolve(PeftAdapter.CONFIG), config.put("base_model_name_or_path", TinyStudy.MODEL));
        return folder;
    }

    @Test
    void anAdapterIsMeasuredWithoutRows() throws Exception {
        files.choose(adapter());
        clickOn("#menu-analysis");
        clickOn("#menu-open-adapter");
        await("its model is open", () -> visible("#analyze-first"));
        hideNotices();
        clickOn("#measures");
        await("the adapter is named", () -> words("#analysis-adapter").equals("sst2-lora"));
        assertThat(lookup("#measure-snr").query().isDisabled())
                .as("measures of the weights in the model's files")
                .isTrue();
        pictures.both("69-adapter-chosen");
        clickOn("#measures");
        clickOn("#analyze-first");
        await("it is measured", () -> words("#analysis-facts").startsWith("adapter sst2-lora · no rows"));
        hideNotices();
        clickOn("#view-modules");
        await("each module has a value", () -> visible("#modules"));
        pictures.both("69-adapter-modules");
        clickOn("#view-single");
        pictures.both("69-adapter-layers");
    }

    @Test
    void itsFolderOpensLikeOneOfAModel() throws Exception {
        files.choose(adapter());
        clickOn("#welcome-open");
        clickOn("#choose-folder");
        await("its model is open", () -> visible("#analyze-first"));
        await("it is chosen", () -> words("#measures").equals("Measures: ‖ΔW‖ + 1"));
    }

    @Test
    void theModelAloneIsAnalyzedAgain() throws Exception {
        openTheSample();
        hideNotices();
        files.choose(adapter());
        clickOn("#measures");
        interact(() -> lookup("#analysis-adapter-choose").<Button>query().fire()); // below the part that is seen
        await("the adapter is named", () -> words("#analysis-adapter").equals("sst2-lora"));
        await("its measures are chosen", () -> words("#measures").equals("Measures: ‖ΔW‖ + 2"));
        interact(() -> lookup("#analysis-adapter-remove").<Button>query().fire());
        assertThat(words("#analysis-adapter")).isEqualTo("none");
        assertThat(words("#measures")).isEqualTo("Measure: CKA");
    }
}
