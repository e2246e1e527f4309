package org.layerwise.gui.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CheckResult;
import org.layerwise.gui.Desk;
import org.layerwise.install.torch.EngineFacts;
import org.layerwise.install.torch.PlayedTorch;

class ComputeViewModelTest {

    private final Desk desk = new Desk();
    private String note = "";
    private PlayedTorch torch;
    private ComputeViewModel compute;

    @TempDir
    Path home;

    @BeforeEach
    void open() {
        torch = new PlayedTorch(home);
        compute = new ComputeViewModel(this::facts, torch.setup(), desk, desk, desk);
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private EngineFacts facts() {
        return new EngineFacts(
                "2.7.1",
                "cpu",
                home,
                Optional.empty(),
                2,
                List.of(new EngineFacts.DeviceFacts("cpu", "a processor", OptionalLong.empty())),
                Optional.of(note).filter(words -> !words.isEmpty()));
    }

    private Path good() {
        return torch.torch("good", "2.7.1+cu126");
    }

    private Path bad() {
        return torch.torch("bad", "2.11.0+cu126");
    }

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
        compute.use(good());
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
        compute.use(bad());
        desk.work();

        assertThat(compute.problemProperty().get()).isNotNull();
        assertThat(compute.problemProperty().get().sentence()).contains("Layerwise needs 2.7.1");
        assertThat(compute.acceptedProperty().get()).isNull();
        assertThat(compute.changedProperty().get()).isFalse();
        assertThat(compute.busyProperty().get()).isFalse();
    }

    @Test
    void aCheckCanBeStopped() {
        compute.use(good());
        compute.cancel();
        desk.work();

        assertThat(compute.busyProperty().get()).isFalse();
        assertThat(compute.problemProperty().get()).isNull();
        assertThat(compute.changedProperty().get()).isFalse();
    }

    @Test
    void oneCheckAtATime() {
        compute.use(good());
        compute.use(bad());

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
        torch.close();
        compute.askDownload();
        desk.work();

        assertThat(compute.problemProperty().get().sentence()).contains("cannot be reached");
    }

    @Test
    void theProcessorIsUsedAgain() {
        compute.use(good());
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
        note = "The libraries in /opt/torch were replaced since they were checked.";
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
