package org.layerwise.gui.help;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javafx.beans.property.SimpleBooleanProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.app.WindowSettings;
import org.layerwise.gui.help.GuideViewModel.Step;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.DataSettings;

class GuideViewModelTest {

    @TempDir
    static Path home;

    private final WindowSettings memory = WindowSettings.read(home.resolve("window.json"));

    private GuideViewModel guide(StudySession session) {
        return new GuideViewModel(session, new SimpleBooleanProperty(), memory);
    }

    @Test
    void whoeverHasBegunIsNotToldToBeginAgain() {
        StudySession session = new StudySession();
        GuideViewModel first = guide(session);
        assertThat(first.stepProperty().get()).isEqualTo(Step.START);
        session.dataProperty().set(new TinyLab(home).data(DataSettings.of("sample:definitions")));
        assertThat(first.stepProperty().get()).isEqualTo(Step.WAIT);

        StudySession next = new StudySession();
        GuideViewModel later = guide(next);
        assertThat(later.stepProperty().get()).as("at the next start").isEqualTo(Step.HIDDEN);
        assertThat(memory.guided()).as("the later steps are still to come").isFalse();
        next.dataProperty().set(session.dataProperty().get());
        assertThat(later.stepProperty().get()).isEqualTo(Step.WAIT);

        later.dismiss();
        assertThat(later.stepProperty().get()).isEqualTo(Step.HIDDEN);
        next.dataProperty().set(null);
        later.begin();
        assertThat(later.stepProperty().get()).as("asked for by the menu").isEqualTo(Step.START);
    }
}
