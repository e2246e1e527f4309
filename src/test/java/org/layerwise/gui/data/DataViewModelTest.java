package org.layerwise.gui.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.DataSettings;

class DataViewModelTest {

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final DataViewModel data = new DataViewModel(session, new InventedEngine(0), desk, desk);

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
        data.open("/somewhere/table.csv");
        desk.work();
        assertThat(data.columns()).containsExactly("id", "sentence", "label");
        data.textColumnProperty().set("sentence");
        data.secondColumnProperty().set("id");
        data.labelColumnProperty().set("label");
        data.samplesProperty().set(64);
        data.apply();
        desk.work();
        assertThat(session.dataProperty().get().settings())
                .isEqualTo(new DataSettings("/somewhere/table.csv", "sentence,id", "label", null, 64, 128, null));
        assertThat(session.dataProperty().get().preview().size()).isEqualTo(64);
        data.open("/somewhere/other.csv");
        assertThat(data.textColumnProperty().get())
                .as("columns of another file")
                .isEmpty();
    }

    @Test
    void theKindOfDataTheRowsAndTheSwitchesArePartOfTheSettings() {
        data.open("/somewhere/table.csv");
        desk.work();
        data.presetProperty().set(TaskPreset.SST2);
        data.samplingProperty().set(SamplingMode.STRATIFIED);
        data.samplingSeedProperty().set(7);
        data.noTokenTypesProperty().set(true);
        data.apply();
        desk.work();
        assertThat(session.dataProperty().get().settings())
                .isEqualTo(DataSettings.of("/somewhere/table.csv")
                        .withPreset(TaskPreset.SST2)
                        .withSampling(SamplingMode.STRATIFIED, 7)
                        .withCompatibility(Set.of(ReferenceCompatibility.NO_TOKEN_TYPES)));
        data.open("/somewhere/other.csv");
        assertThat(data.presetProperty().get()).as("another file").isNull();
    }

    @Test
    void tokensAreCountedOnceDataAndModelAreThere() {
        data.open("/somewhere/table.csv");
        desk.work();
        assertThat(data.summaryProperty().get()).isNull();
        session.modelProperty().set(new InventedEngine(0).model("sample"));
        desk.work();
        assertThat(data.summaryProperty().get().rows()).isEqualTo(512);
        data.samplesProperty().set(64);
        data.apply();
        desk.work();
        assertThat(data.summaryProperty().get().rows()).isEqualTo(64);
        session.modelProperty().set(null);
        assertThat(data.summaryProperty().get()).isNull();
    }

    @Test
    void imagesAreForModelsThatSee() {
        InventedEngine engine = new InventedEngine(0);
        data.open("/somewhere/table.csv");
        desk.work();
        session.modelProperty().set(engine.model("llava"));
        assertThat(data.sees().getValue()).isTrue();
        data.imageColumnProperty().set("id");
        data.apply();
        desk.work();
        assertThat(session.dataProperty().get().settings().image()).isEqualTo("id");
        session.modelProperty().set(engine.model("sample"));
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
        data.open("/somewhere/missing.csv");
        desk.work();
        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .isEqualTo("There is no file /somewhere/missing.csv."));
        assertThat(data.problemProperty().get()).isNotNull();
        assertThat(session.dataProperty().get().preview().name()).isEqualTo("definitions");
    }
}
