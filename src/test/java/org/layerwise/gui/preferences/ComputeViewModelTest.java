package org.layerwise.gui.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.OptionalInt;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.Test;
import org.layerwise.base.CheckResult;
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;

class ComputeViewModelTest {

    private final Desk desk = new Desk();
    private final InventedEngine engine = new InventedEngine(0);
    private final ComputeViewModel compute = new ComputeViewModel(engine, desk, desk, desk);

    @Test
    void theEngineIsLookedAtWhenAsked() {
        assertThat(compute.factsProperty().get()).isNull();

        compute.refresh();
        desk.work();

        assertThat(compute.factsProperty().get()).isNotNull();
        assertThat(compute.driver()).extracting(CheckResult::name).contains("NVIDIA driver");
        assertThat(compute.settingsProperty().get().gpu()).isEmpty();
        assertThat(compute.changedProperty().get()).isFalse();
        assertThat(desk.notices()).isEmpty();
    }

    @Test
    void aFolderThatWorksIsChosenForTheNextStart() {
        compute.use(Path.of("good"));
        assertThat(compute.busyProperty().get()).isTrue();
        desk.work();

        assertThat(compute.busyProperty().get()).isFalse();
        assertThat(compute.acceptedProperty().get()).isNotNull();
        assertThat(compute.settingsProperty().get().gpu()).isPresent();
        assertThat(compute.changedProperty().get()).isTrue();
        assertThat(compute.messageProperty().get()).contains("in a process of its own");
    }

    @Test
    void aFolderThatDoesNotWorkChangesNothing() {
        compute.use(Path.of("bad"));
        desk.work();

        assertThat(compute.problemProperty().get()).isNotNull();
        assertThat(compute.problemProperty().get().sentence()).contains("Layerwise needs 2.7.1");
        assertThat(compute.acceptedProperty().get()).isNull();
        assertThat(compute.changedProperty().get()).isFalse();
        assertThat(compute.busyProperty().get()).isFalse();
    }

    @Test
    void aCheckCanBeStopped() {
        compute.use(Path.of("good"));
        compute.cancel();
        desk.work();

        assertThat(compute.busyProperty().get()).isFalse();
        assertThat(compute.problemProperty().get()).isNull();
        assertThat(compute.changedProperty().get()).isFalse();
    }

    @Test
    void oneCheckAtATime() {
        compute.use(Path.of("good"));
        compute.use(Path.of("bad"));

        assertThat(desk.waiting()).isEqualTo(1);
    }

    @Test
    void aDownloadSaysItsSizeFirst() {
        compute.download();
        assertThat(desk.waiting()).isZero();
        compute.askDownload();
        desk.work();
        assertThat(compute.planProperty().get()).isNotNull();
        assertThat(compute.settingsProperty().get().gpu()).isEmpty();

        compute.download();
        desk.work();

        assertThat(compute.settingsProperty().get().gpu()).isPresent();
        assertThat(compute.planProperty().get()).isNull();
    }

    @Test
    void withoutANetworkTheReasonIsSaid() {
        engine.gpuSetup().card(true);
        compute.askDownload();
        desk.work();

        assertThat(compute.problemProperty().get().sentence()).contains("cannot be reached");
    }

    @Test
    void theProcessorIsUsedAgain() {
        compute.use(Path.of("good"));
        desk.work();
        compute.useProcessor();
        desk.work();

        assertThat(compute.settingsProperty().get().gpu()).isEmpty();
        assertThat(compute.acceptedProperty().get()).isNull();
    }

    @Test
    void threadsAreSavedWhenTheyChange() {
        compute.useThreads(OptionalInt.empty());
        assertThat(desk.waiting()).isZero();
        compute.useThreads(OptionalInt.of(3));
        desk.work();

        assertThat(compute.settingsProperty().get().threads()).hasValue(3);
        assertThat(compute.changedProperty().get()).isTrue();
    }

    @Test
    void whoChoseLibrariesThatAreNotUsedIsToldOnce() {
        engine.gpuSetup().note("The libraries in /opt/torch were replaced since they were checked.");
        SimpleObjectProperty<Object> model = new SimpleObjectProperty<>();
        compute.watch(model);
        assertThat(desk.waiting()).isZero();
        model.set("a model");
        desk.work();
        compute.refresh();
        desk.work();

        assertThat(desk.sentences())
                .containsExactly("The libraries in /opt/torch were replaced since they were checked.");
    }
}
