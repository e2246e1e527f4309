package org.layerwise.gui.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.common.CardStack;
import org.testfx.framework.junit5.ApplicationTest;

/** Nodes are styled out of sight, keep their parts, and stay where they were put meanwhile. */
@Tag("window")
class HiddenNodesUiTest extends ApplicationTest {

    private final StackPane shown = new StackPane();
    private HiddenNodes hidden;

    @Override
    public void start(Stage stage) {
        hidden = new HiddenNodes(shown);
        stage.setScene(new Scene(new StackPane(hidden.node(), shown), 400, 300));
        stage.show();
    }

    @Test
    void aNodeKeepsItsPartsAndIsFreeAtTheEnd() {
        interact(() -> {
            VBox pane = pane();
            List<Node> parts = List.copyOf(pane.getChildren());
            hidden.steps(pane).forEach(Runnable::run);
            assertThat(pane.getChildren()).isEqualTo(parts);
            assertThat(pane.getParent()).isNull();
            assertThat(((Label) parts.get(0)).getSkin()).isNotNull();
            assertThat(((TableView<?>) parts.get(1)).getSkin()).isNotNull();
        });
    }

    @Test
    void aNodeIsWholeWhenItsStepsPauseOrBeginAgain() {
        interact(() -> {
            int steps = hidden.steps(pane()).size();
            for (int done = 0; done <= steps; done++) {
                VBox pane = pane();
                List<Node> parts = List.copyOf(pane.getChildren());
                List<Runnable> all = hidden.steps(pane);
                all.subList(0, done).forEach(Runnable::run);
                hidden.clear();
                assertThat(pane.getChildren()).as("after %s steps", done).isEqualTo(parts);
                assertThat(pane.getScene()).isNull();
                all.subList(done, steps).forEach(Runnable::run);
                assertThat(pane.getChildren()).as("after %s steps", done).isEqualTo(parts);

                VBox again = pane();
                parts = List.copyOf(again.getChildren());
                hidden.steps(again).subList(0, done).forEach(Runnable::run);
                List<Runnable> more = hidden.steps(again);
                assertThat(again.getChildren()).as("after %s steps", done).isEqualTo(parts);
                more.forEach(Runnable::run);
                assertThat(again.getChildren()).isEqualTo(parts);
                assertThat(again.getScene()).isNull();
            }
        });
    }

    @Test
    void aNodeStaysWhereItWasPutMeanwhile() {
        interact(() -> {
            VBox pane = pane();
            int steps = hidden.steps(pane).size();
            for (int done = 0; done <= steps; done++) {
                for (StackPane place : List.of(new StackPane(), shown)) {
                    VBox next = pane();
                    List<Runnable> all = hidden.steps(next);
                    all.subList(0, done).forEach(Runnable::run);
                    place.getChildren().setAll(next);
                    all.subList(done, steps).forEach(Runnable::run);
                    assertThat(place.getChildren()).as("after %s steps", done).containsExactly(next);
                    assertThat(next.getChildren()).hasSize(2);
                }
            }
        });
    }

    @Test
    void aNodeComesToItsPlaceInPartsAndIsVisibleWhenItIsWhole() {
        interact(() -> {
            VBox pane = pane();
            List<Node> parts = List.copyOf(pane.getChildren());
            hidden.steps(pane).forEach(Runnable::run);
            List<Runnable> steps =
                    hidden.placing(pane, () -> shown.getChildren().setAll(pane));
            assertThat(steps).hasSize(3);
            for (int done = 0; done < steps.size(); done++) {
                assertThat(pane.isVisible()).as("after %s steps", done).isFalse();
                assertThat(pane.getChildren()).hasSize(2);
                assertThat(parts.stream()
                                .filter(part -> part.getScene() != null)
                                .toList())
                        .isEqualTo(parts.subList(0, done));
                steps.get(done).run();
            }
            assertThat(pane.isVisible()).isTrue();
            assertThat(pane.getChildren()).isEqualTo(parts);
        });
    }

    @Test
    void childrenThatCameMeanwhileStay() {
        interact(() -> {
            Label other = new Label("other");
            for (int done = 0; done <= 3; done++) {
                VBox replaced = pane();
                List<Runnable> steps =
                        hidden.placing(replaced, () -> shown.getChildren().setAll(replaced));
                steps.subList(0, done).forEach(Runnable::run);
                replaced.getChildren().setAll(other);
                steps.subList(done, 3).forEach(Runnable::run);
                assertThat(replaced.getChildren()).as("after %s steps", done).containsExactly(other);

                VBox again = pane();
                List<Node> parts = List.copyOf(again.getChildren());
                List<Runnable> more =
                        hidden.placing(again, () -> shown.getChildren().setAll(again));
                more.subList(0, done).forEach(Runnable::run);
                again.getChildren().remove(parts.get(1));
                again.getChildren().add(parts.get(1));
                more.subList(done, 3).forEach(Runnable::run);
                assertThat(again.getChildren()).as("after %s steps", done).isEqualTo(parts);
            }
        });
    }

    @Test
    void cardsStayInTheirStack() {
        interact(() -> {
            Label front = new Label("front");
            CardStack cards = new CardStack(front, new Label("back"));
            List<Runnable> steps =
                    hidden.placing(cards, () -> shown.getChildren().setAll(cards));
            cards.show(front);
            steps.forEach(Runnable::run);
            assertThat(cards.getChildren()).extracting(Node::isVisible).containsExactly(true, false);
        });
    }

    private static VBox pane() {
        TableView<String> table = new TableView<>();
        table.getColumns().add(new TableColumn<>("name"));
        table.getItems().addAll("a", "b");
        return new VBox(new Label("words"), table);
    }
}
