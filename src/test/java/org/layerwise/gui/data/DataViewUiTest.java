package org.layerwise.gui.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Node;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.session.StudySession;
import org.testfx.framework.junit5.ApplicationTest;

/** The data pane asks to be prepared for other data while it is hidden. */
@Tag("window")
class DataViewUiTest extends ApplicationTest {

    @TempDir
    static Path home;

    private final List<Supplier<Optional<Node>>> asked = new ArrayList<>();

    @Test
    void aHiddenPaneIsPreparedForOtherDataAndOneInTheWindowIsNot() {
        Desk desk = new Desk();
        TinyLab lab = new TinyLab(home);
        DataViewModel data = new DataViewModel(new StudySession(), lab.workbench(), desk, desk);
        interact(() -> {
            DataView view = new DataView(
                    data,
                    () -> {},
                    new Thumbnails(desk),
                    new FigureExporter(desk, new ChosenFiles(), desk, new RememberedExports(), () -> false),
                    new SimpleObjectProperty<>(ChartStyle.light()),
                    (made, then) -> asked.add(made));
            assertThat(asked).isEmpty();
            data.open(DataViewModel.DEFINITIONS);
            desk.work();
            assertThat(asked).hasSize(1);
            assertThat(asked.get(0).get()).contains(view);
            new StackPane(view);
            assertThat(asked.get(0).get()).isEmpty();
        });
    }
}
