package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.control.Button;
import javafx.scene.layout.FlowPane;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.RunEntry;

/** A button for each action on a run that has ended; takes no place while the run is active. */
final class RunActionBar extends FlowPane {

    private final Map<RunAction, Button> buttons = new LinkedHashMap<>();
    private @Nullable RunEntry run;

    RunActionBar(List<RunAction> actions) {
        setId("run-actions");
        getStyleClass().add("run-actions");
        for (RunAction action : actions) {
            Button button = Nodes.button("run-" + action.key(), text("run.action." + action.key()), () -> {
                if (run != null) {
                    action.begin().accept(run);
                }
            });
            button.getStyleClass().add("small");
            Tooltips.set(button, text("run.action." + action.key() + ".tip"));
            buttons.put(action, button);
        }
        getChildren().setAll(buttons.values());
    }

    /** Shows the actions of a run in its present state. */
    void show(RunEntry entry) {
        run = entry;
        buttons.forEach((action, button) -> button.setDisable(!action.possible().test(entry)));
        Nodes.show(
                this,
                !buttons.isEmpty()
                        && !entry.active()
                        && !entry.stateProperty().get().active());
    }
}
