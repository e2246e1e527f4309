package org.layerwise.gui.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.NodePreparation;
import org.layerwise.gui.session.StudySession;
import org.testfx.api.FxToolkit;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;

/** The data pane shows rows and the columns that are used, and is prepared for other data while it is hidden. */
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
            DataView view = view(data, desk, (made, then) -> asked.add(made));
            assertThat(asked).isEmpty();
            data.open(DataViewModel.DEFINITIONS);
            desk.work();
            assertThat(asked).hasSize(1);
            assertThat(asked.get(0).get()).contains(view);
            new StackPane(view);
            assertThat(asked.get(0).get()).isEmpty();
        });
    }

    @Test
    void twoTextsShareTheWidthAndASelectedRowIsShownInFull() throws Exception {
        String answer = "four words of text ".repeat(40).strip();
        Path one = Files.writeString(home.resolve("one.csv"), "Sentence,label\nfine,1\nbad,0\n");
        Path two = Files.writeString(home.resolve("two.csv"), "question,answer\nwhat?,%s\nwho?,me\n".formatted(answer));
        Desk desk = new Desk();
        DataViewModel data = new DataViewModel(new StudySession(), new TinyLab(home).workbench(), desk, desk);
        interact(() -> {
            DataView view = view(data, desk, (made, then) -> {});
            Stage stage = FxToolkit.toolkitContext().getRegisteredStage();
            stage.setScene(new Scene(view, 1100, 800));
            stage.show();
            open(data, desk, one);
        });
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(shown("#column-text")).isEqualTo("Sentence");
        assertThat(shown("#column-second")).isEqualTo("none");
        assertThat(shown("#column-label")).isEqualTo("label");
        assertThat(lookup("#data-row").query().isVisible()).isFalse();
        interact(() -> open(data, desk, two));
        WaitForAsyncUtils.waitForFxEvents();
        TableView<?> table = lookup("#data-table").query();
        double first = table.getColumns().get(1).getWidth();
        assertThat(first).isGreaterThan(250);
        assertThat(table.getColumns().get(2).getWidth()).isCloseTo(first, within(2.0));
        assertThat(shown("#column-text")).isEqualTo("question");
        assertThat(shown("#column-second")).isEqualTo("answer");
        assertThat(shown("#column-label")).isEqualTo("none");
        interact(() -> table.getSelectionModel().select(0));
        assertThat(lookup("#data-row").query().isVisible()).isTrue();
        assertThat(lookup("#data-row-text").<TextArea>query().getText()).isEqualTo("what?\n\n" + answer);
        interact(() -> table.getSelectionModel().clearSelection());
        assertThat(lookup("#data-row").query().isVisible()).isFalse();
    }

    @Test
    void rowsThatAreCutAreAWarningWithALimitToUse() {
        Desk desk = new Desk();
        TinyLab lab = new TinyLab(home);
        StudySession session = new StudySession();
        DataViewModel data = new DataViewModel(session, lab.workbench(), desk, desk);
        interact(() -> {
            DataView view = view(data, desk, (made, then) -> {});
            Stage stage = FxToolkit.toolkitContext().getRegisteredStage();
            stage.setScene(new Scene(view, 1100, 800));
            stage.show();
            session.modelProperty().set(lab.open("sample"));
            open(data, desk, lab.table("many.csv", 40));
        });
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(lookup("#data-limit").query().isVisible()).isFalse();
        interact(() -> {
            data.limit(5);
            desk.work();
        });
        assertThat(lookup("#data-limit").query().isVisible()).isTrue();
        assertThat(lookup("#data-limit-words").<Label>query().getText())
                .isEqualTo(
                        "100 % of the rows are longer than 5 tokens and are cut. 32 tokens would hold 100 % of the rows.");
        interact(() -> {
            lookup("#data-limit-use").<Button>query().fire();
            desk.work();
        });
        assertThat(lookup("#data-limit").query().isVisible()).isFalse();
        assertThat(data.settings().maxLength()).isEqualTo(32);
    }

    private static void open(DataViewModel data, Desk desk, Path file) {
        data.open(file.toString());
        desk.work();
    }

    private String shown(String choice) {
        return lookup(choice).<ComboBox<?>>query().getButtonCell().getText();
    }

    private static DataView view(DataViewModel data, Desk desk, NodePreparation preparation) {
        return new DataView(
                data,
                () -> {},
                new Thumbnails(desk),
                new FigureExporter(desk, new ChosenFiles(), desk, new RememberedExports(), () -> false),
                new SimpleObjectProperty<>(ChartStyle.light()),
                preparation);
    }
}
