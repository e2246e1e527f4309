package org.layerwise.gui.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.token.DataSummary;
import org.layerwise.data.token.LimitSuggestion;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.DataSettings;

class DataViewModelTest {

    @TempDir
    static Path home;

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final TinyLab lab = new TinyLab(home);
    private final String table = lab.table("table.csv", 600).toString();
    private final String other = lab.table("other.csv", 600).toString();
    private final DataViewModel data = new DataViewModel(session, lab.workbench(), desk, desk);

    @Test
    void aSampleTaskOpensWithTheUsualSettings() {
        data.open(DataViewModel.DEFINITIONS);
        assertThat(data.openingProperty().get()).isTrue();
        desk.work();
        assertThat(session.dataProperty().get().settings()).isEqualTo(DataSettings.of("sample:definitions"));
        assertThat(session.dataProperty().get().preview().rows()).hasSize(100);
    }

    @Test
    void aLocationThatIsNoPathIsItsOwnName() {
        assertThat(DataViewModel.name("a\0b")).isEqualTo("a\0b");
    }

    @Test
    void chosenColumnsAndRowsCountOnceApplied() {
        data.open(table);
        desk.work();
        assertThat(data.columns()).containsExactly("id", "sentence", "label");
        data.textColumnProperty().set("sentence");
        data.secondColumnProperty().set("id");
        data.labelColumnProperty().set("label");
        data.samplesProperty().set(64);
        data.apply();
        desk.work();
        assertThat(session.dataProperty().get().settings())
                .isEqualTo(new DataSettings(table, "sentence,id", "label", null, 64, 128, null));
        assertThat(session.dataProperty().get().preview().size()).isEqualTo(64);
        data.open(other);
        assertThat(data.textColumnProperty().get())
                .as("columns of another file")
                .isEmpty();
    }

    @Test
    void theKindOfDataTheRowsAndTheSwitchesArePartOfTheSettings() {
        String table =
                lab.table("reviews.csv", 40, List.of("negative", "positive")).toString();
        data.open(table);
        desk.work();
        data.presetProperty().set(TaskPreset.SST2);
        data.samplingProperty().set(SamplingMode.STRATIFIED);
        data.samplingSeedProperty().set(7);
        data.noTokenTypesProperty().set(true);
        data.apply();
        desk.work();
        assertThat(session.dataProperty().get().settings())
                .isEqualTo(DataSettings.of(table)
                        .withPreset(TaskPreset.SST2)
                        .withSampling(SamplingMode.STRATIFIED, 7)
                        .withCompatibility(Set.of(ReferenceCompatibility.NO_TOKEN_TYPES)));
        data.open(other);
        assertThat(data.presetProperty().get()).as("another file").isNull();
    }

    @Test
    void tokensAreCountedOnceDataAndModelAreThere() {
        data.open(table);
        desk.work();
        assertThat(data.summaryProperty().get()).isNull();
        session.modelProperty().set(lab.open("sample"));
        desk.work();
        assertThat(data.summaryProperty().get().lengths()).hasSize(512);
        data.samplesProperty().set(64);
        data.apply();
        desk.work();
        assertThat(data.summaryProperty().get().lengths()).hasSize(64);
        session.modelProperty().set(null);
        assertThat(data.summaryProperty().get()).isNull();
    }

    @Test
    void aLimitIsSuggestedWhereManyRowsAreCut() {
        session.modelProperty().set(lab.open("sample"));
        data.open(table);
        desk.work();
        assertThat(data.summaryProperty().get().suggestion()).isNull();
        data.limit(5);
        desk.work();
        DataSummary cut = data.summaryProperty().get();
        assertThat(cut.cutShare()).isEqualTo(1);
        assertThat(cut.suggestion()).isEqualTo(new LimitSuggestion(LimitSuggestion.STEP, 256, 1));
        data.limit(cut.suggestion().tokens());
        desk.work();
        assertThat(data.summaryProperty().get().cutsMany()).isFalse();
        assertThat(session.dataProperty().get().settings().maxLength()).isEqualTo(LimitSuggestion.STEP);
    }

    @Test
    void imagesAreForModelsThatSee() {
        data.open(lab.pictures("pictures.csv", 4).toString());
        desk.work();
        session.modelProperty().set(lab.open("llava"));
        assertThat(data.sees().getValue()).isTrue();
        data.imageColumnProperty().set("id");
        data.apply();
        desk.work();
        assertThat(session.dataProperty().get().settings().image()).isEqualTo("id");
        session.modelProperty().set(lab.open("sample"));
        desk.work();
        assertThat(data.sees().getValue()).isFalse();
        assertThat(session.dataProperty().get().settings().image())
                .as("read again without images")
                .isNull();
    }

    @Test
    void aMissingFileLeavesWhatWasOpen() {
        data.open(DataViewModel.DEFINITIONS);
        desk.work();
        data.open(home.resolve("missing.csv").toString());
        desk.work();
        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .contains(home.resolve("missing.csv").toString()));
        assertThat(data.problemProperty().get()).isNotNull();
        assertThat(session.dataProperty().get().preview().name()).isEqualTo("definitions");
    }
}
