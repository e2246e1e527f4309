package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.model.OpenModel;

class ArchitectureViewModelTest {

    @TempDir
    static Path home;

    private final StudySession session = new StudySession();
    private final TinyLab lab = new TinyLab(home);
    private final ArchitectureViewModel architecture = new ArchitectureViewModel(session);

    @Test
    void tensorsAreGroupedInTheOrderOfTheComputation() {
        OpenModel llama = lab.open("llama");
        session.modelProperty().set(llama);
        assertThat(architecture.shownProperty().get()).hasSize(34);
        assertThat(architecture.shownProperty().get().get(0).name()).isEqualTo("Before the layers");
        assertThat(architecture.shownProperty().get().get(33).name()).isEqualTo("After the layers");
        ArchitectureViewModel.Group second = architecture.shownProperty().get().get(2);
        assertThat(second.name()).isEqualTo("Layer 1");
        assertThat(second.parameters()).isEqualTo(llama.inspection().parametersOf(1));
        assertThat(second.types()).isEqualTo("BF16, F32");
        assertThat(architecture.shownProperty().get().stream()
                        .mapToLong(ArchitectureViewModel.Group::parameters)
                        .sum())
                .isEqualTo(llama.inspection().parameters());
        assertThat(architecture.total()).isEqualTo("291 tensors · 521,640 parameters");
        assertThat(architecture.byType().lines()).containsExactly("BF16: 521,120 parameters", "F32: 520 parameters");
    }

    @Test
    void aPartOfANameFindsTensorsAndTheirTotal() {
        session.modelProperty().set(lab.open("llama"));
        architecture.searchProperty().set(" Q_PROJ ");
        assertThat(architecture.shownProperty().get()).hasSize(32).allSatisfy(group -> assertThat(group.rows())
                .hasSize(1));
        assertThat(architecture.total()).isEqualTo("32 tensors · 2,048 parameters");
        architecture.searchProperty().set("layer 3");
        assertThat(architecture.shownProperty().get()).singleElement().satisfies(group -> assertThat(group.rows())
                .hasSize(9));
        architecture.searchProperty().set("nowhere");
        assertThat(architecture.shownProperty().get()).isEmpty();
    }

    @Test
    void whatIsShownIsCopiedAsATable() {
        session.modelProperty().set(lab.open("sample"));
        architecture.searchProperty().set("key.weight");
        assertThat(architecture.tsv().lines()).hasSize(13).startsWith("layer\tmodule\tshape\tdtype\tparameters");
        assertThat(architecture.tsv().lines().skip(3).findFirst())
                .contains("2\tattention.self.key.weight\t8 × 8\tF32\t64");
    }

    @Test
    void whatTheFilesHoldInVainIsNoted() {
        session.modelProperty().set(lab.open("sample"));
        assertThat(architecture.note())
                .isEqualTo(
                        "3 tensors of the files are not used: cls.predictions.bias, cls.predictions.transform.dense.weight and 1 more.");
        assertThat(architecture.noted().lines()).hasSize(3);
        session.modelProperty().set(lab.open("llama"));
        assertThat(architecture.note()).isEmpty();
    }
}
