package org.layerwise.gui.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.Test;

class UndoHistoryTest {

    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final UndoHistory history = new UndoHistory(now::get);
    private final SimpleObjectProperty<String> rank = new SimpleObjectProperty<>("8");
    private final SimpleIntegerProperty width = new SimpleIntegerProperty(1);
    private final SimpleIntegerProperty height = new SimpleIntegerProperty(2);

    private record Size(int width, int height) {}

    UndoHistoryTest() {
        history.follow(this, "rank", rank::get, rank::set, rank);
        history.follow(
                width,
                "size",
                () -> new Size(width.get(), height.get()),
                size -> {
                    width.set(size.width());
                    height.set(size.height());
                },
                width,
                height);
    }

    @Test
    void changesOfDifferentThingsAreTakenBackInTheirOrder() {
        rank.set("16");
        width.set(5);
        height.set(6);
        assertThat(history.undoableProperty().get()).isEqualTo("size");
        history.undo();
        assertThat(height.get()).isEqualTo(2);
        assertThat(width.get()).isEqualTo(5);
        history.undo();
        history.undo();
        assertThat(rank.get()).isEqualTo("8");
        assertThat(width.get()).isEqualTo(1);
        assertThat(history.undoableProperty().get()).isEmpty();
        assertThat(history.redoableProperty().get()).isEqualTo("rank");
        history.redo();
        history.redo();
        history.redo();
        assertThat(rank.get()).isEqualTo("16");
        assertThat(height.get()).isEqualTo(6);
        assertThat(history.redoableProperty().get()).isEmpty();
    }

    @Test
    void quickChangesOfOneThingAreOne() {
        for (String typed : new String[] {"1", "12", "128"}) {
            now.addAndGet(SECOND / 5);
            rank.set(typed);
        }
        history.undo();
        assertThat(rank.get()).isEqualTo("8");
        history.redo();
        assertThat(rank.get()).isEqualTo("128");
        now.addAndGet(10 * SECOND);
        rank.set("64");
        history.undo();
        assertThat(rank.get()).as("what was chosen before the pause").isEqualTo("128");
    }

    @Test
    void aChangeAfterUndoIsOneOfItsOwnAndEndsWhatCouldBeMadeAgain() {
        rank.set("16");
        history.undo();
        rank.set("32");
        assertThat(history.redoableProperty().get()).isEmpty();
        history.undo();
        assertThat(rank.get()).isEqualTo("8");
    }

    @Test
    void anActionIsOneChangeAndWhatTheProgramDoesIsNone() {
        history.together(this, "configuration", () -> {
            rank.set("4");
            width.set(9);
        });
        assertThat(history.undoableProperty().get()).isEqualTo("configuration");
        history.quietly(() -> height.set(100));
        history.undo();
        assertThat(rank.get()).isEqualTo("8");
        assertThat(width.get()).isEqualTo(1);
        assertThat(history.undoableProperty().get()).isEmpty();
        history.redo();
        assertThat(rank.get()).isEqualTo("4");
    }

    @Test
    void anOwnersChangesCanBeForgotten() {
        rank.set("16");
        width.set(3);
        history.forget(width);
        assertThat(history.undoableProperty().get()).isEqualTo("rank");
        history.clear();
        assertThat(history.undoableProperty().get()).isEmpty();
        history.undo();
        assertThat(rank.get()).isEqualTo("16");
    }
}
