package org.layerwise.gui.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.common.Lazy;
import org.layerwise.gui.study.Pane;
import org.testfx.framework.junit5.ApplicationTest;

/** Panes are built when they are first shown or prepared, and only once. */
@Tag("window")
class PaneTabsUiTest extends ApplicationTest {

    private final List<Pane> built = new ArrayList<>();
    private PaneTabs tabs;
    private Scene window;
    private HiddenNodes hidden;
    private VBox data;
    private Label first;
    private Label label;

    @BeforeEach
    void addPanes() {
        interact(() -> {
            tabs = new PaneTabs();
            StackPane size = new StackPane();
            size.resize(400, 300);
            hidden = new HiddenNodes(size);
            window = new Scene(new StackPane(hidden.node(), tabs.node()));
            window.getRoot().applyCss();
            first = new Label("first");
            label = new Label("second");
            data = new VBox(first, label);
            tabs.add(Pane.MODEL, () -> build(Pane.MODEL, new Label("model")));
            tabs.add(Pane.DATA, () -> build(Pane.DATA, data));
            tabs.add(Pane.RUNS, () -> build(Pane.RUNS, new Label("runs")));
        });
    }

    private Node build(Pane pane, Node content) {
        built.add(pane);
        return content;
    }

    @Test
    void onlyThePaneInFrontIsBuilt() {
        assertThat(built).containsExactly(Pane.MODEL);
        interact(() -> tabs.show(Pane.RUNS));
        interact(() -> tabs.show(Pane.MODEL));
        interact(() -> tabs.show(Pane.RUNS));
        assertThat(built).containsExactly(Pane.MODEL, Pane.RUNS);
    }

    @Test
    void partsAreBuiltBeforeTheirPaneOrWithIt() {
        interact(() -> {
            List<String> made = new ArrayList<>();
            Lazy<Label> part = new Lazy<>(() -> {
                made.add("part");
                return new Label("part");
            });
            tabs.add(
                    Pane.ANALYSIS,
                    () -> {
                        made.add("pane");
                        return new VBox(part.get());
                    },
                    part::get);
            tabs.parts(Pane.ANALYSIS).forEach(Runnable::run);
            assertThat(made).containsExactly("part");
            tabs.show(Pane.ANALYSIS);
            tabs.parts(Pane.ANALYSIS).forEach(Runnable::run);
            assertThat(made).containsExactly("part", "pane");
            assertThat(part.get().getScene()).isSameAs(window);
            assertThat(tabs.parts(Pane.DATA)).isEmpty();
        });
    }

    @Test
    void aPreparedPaneIsStyledAndLaidOutAndNotLeftInTheWindow() {
        interact(() -> prepare(Pane.DATA));
        assertThat(built).containsExactly(Pane.MODEL, Pane.DATA);
        assertThat(label.getSkin()).isNotNull();
        assertThat(label.getWidth()).isPositive();
        assertThat(data.getScene()).isNull();
        assertThat(data.getChildren()).containsExactly(first, label);
        interact(() -> tabs.show(Pane.DATA));
        assertThat(built).containsExactly(Pane.MODEL, Pane.DATA);
        assertThat(data.getScene()).isSameAs(window);
    }

    @Test
    void aPaneMayBeShownInTheMiddleOfItsPreparation() {
        interact(() -> {
            List<Runnable> steps = hidden.steps(tabs.prepare(Pane.DATA).orElseThrow());
            steps.get(0).run();
            tabs.show(Pane.DATA);
            steps.forEach(Runnable::run);
        });
        assertThat(data.getScene()).isSameAs(window);
        assertThat(data.getChildren()).containsExactly(first, label);
        assertThat(tabs.prepare(Pane.DATA)).isEmpty();
        assertThat(built).containsExactly(Pane.MODEL, Pane.DATA);
    }

    @Test
    void aPaneThatIsNotReadyLeavesTheWindowWhenTheStepsPause() {
        interact(() -> {
            List<Runnable> steps = hidden.steps(tabs.prepare(Pane.DATA).orElseThrow());
            steps.subList(0, steps.size() - 1).forEach(Runnable::run);
            assertThat(data.getScene()).isSameAs(window);
            assertThat(hidden.node().isVisible()).isFalse();
            hidden.clear();
        });
        assertThat(data.getScene()).isNull();
    }

    @Test
    void aPaneThatComesToTheFrontAppearsWhenItIsReady() {
        List<Runnable> ready = new ArrayList<>();
        interact(() -> {
            tabs.setArrival((pane, then) -> ready.add(then), (view, put) -> put.run());
            tabs.show(Pane.DATA);
            assertThat(built).containsExactly(Pane.MODEL);
            tabs.show(Pane.RUNS);
            ready.get(0).run(); // another pane is in front now
            assertThat(built).containsExactly(Pane.MODEL);
            tabs.show(Pane.DATA);
            ready.forEach(Runnable::run);
            assertThat(data.getScene()).isSameAs(window);
            assertThat(built).containsExactly(Pane.MODEL, Pane.DATA);
        });
    }

    @Test
    void aPaneThatIsReadyComesToItsPlaceInSteps() {
        interact(() -> {
            List<Runnable> steps = new ArrayList<>();
            tabs.setArrival(
                    (pane, then) -> {
                        throw new AssertionError(pane + " is prepared again");
                    },
                    (view, put) -> steps.addAll(hidden.placing(view, put)));
            prepare(Pane.DATA);
            tabs.setReady(Pane.DATA);
            tabs.show(Pane.DATA);
            assertThat(data.getScene()).isSameAs(window);
            assertThat(data.isVisible()).isFalse();
            assertThat(label.getScene()).isNull();
            tabs.show(Pane.MODEL); // the steps go on behind another pane
            tabs.show(Pane.DATA);
            steps.forEach(Runnable::run);
            assertThat(data.isVisible()).isTrue();
            assertThat(data.getChildren()).containsExactly(first, label);
        });
    }

    private void prepare(Pane pane) {
        hidden.steps(tabs.prepare(pane).orElseThrow()).forEach(Runnable::run);
    }
}
