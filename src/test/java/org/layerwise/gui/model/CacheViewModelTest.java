package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.CachedModelCard;

class CacheViewModelTest {

    private final Desk desk = new Desk();
    private final InventedEngine engine = new InventedEngine(0);
    private final ModelViewModel model =
            new ModelViewModel(new StudySession(), engine, desk, desk, new RememberedFolders());
    private final CacheViewModel cache = new CacheViewModel(engine, desk, model);

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
        engine.cache(List.of(card("main", Optional.empty())));
        cache.refresh();
        desk.work();
        cache.open(cache.models().get(0));
        desk.work();
        assertThat(engine.opened()).extracting(ModelSettings::model).containsExactly("org/llama@0a1b2c3d");
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
