package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.model.CachedModelCard;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;

class CacheViewModelTest {

    private final Desk desk = new Desk();
    private final FakeHub remote = FakeHub.start();
    private TinyLab lab;
    private ModelViewModel model;
    private CacheViewModel cache;

    @TempDir
    Path home;

    @BeforeEach
    void open() {
        lab = new TinyLab(home, remote);
        model = new ModelViewModel(new StudySession(), lab.workbench(), desk, desk, new RememberedFolders());
        cache = new CacheViewModel(lab.workbench(), desk, model);
    }

    @AfterEach
    void close() {
        remote.close();
    }

    @Test
    void anEmptyListMeansNothingBeforeItWasLookedFor() {
        assertThat(cache.knownProperty().get()).isFalse();
        cache.refresh();
        cache.refresh();
        assertThat(desk.waiting()).as("looked for once").isEqualTo(1);
        desk.work();
        assertThat(cache.knownProperty().get()).isTrue();
        assertThat(cache.models()).isEmpty();
    }

    @Test
    void whatIsThereIsOpenedAsItIs() {
        FakeRepo llama = remote.add(FakeRepo.of("org/llama", lab.folder("llama")));
        lab.workbench().download("org/llama", new PauseSwitch(), Progress.none());
        cache.refresh();
        desk.work();
        cache.open(cache.models().get(0));
        desk.work();
        assertThat(model.openedWith().model()).isEqualTo("org/llama@" + llama.commit());
        assertThat(model.modelProperty().get().card().name()).isEqualTo("llama");
    }

    @Test
    void whatCannotBeOpenedIsNotTried() {
        cache.open(card("main", Optional.of("It has no config.json; download it again.")));
        assertThat(desk.waiting()).isZero();
    }

    private static CachedModelCard card(String revision, Optional<String> problem) {
        return new CachedModelCard(
                "org/llama", List.of(revision), "0a1b2c3d", Path.of("llama"), 1000, Instant.EPOCH, problem);
    }
}
