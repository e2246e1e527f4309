package org.layerwise.gui.analysis;

import java.util.List;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ModuleImportance.Module;
import org.layerwise.gui.chart.ChartPane;

/** Keys of a chart of linear maps: arrows go to another one, Space and Enter select it, Escape leaves it. */
final class ModuleKeys {

    private ModuleKeys() {}

    /** Goes to another linear map. */
    @FunctionalInterface
    interface Move {

        /** @param from linear map that is highlighted; null if none is */
        void by(@Nullable Module from, KeyCode arrow);
    }

    /** Adds the keys to a chart. */
    static void of(ChartPane chart, ModulesViewModel modules, List<KeyCode> arrows, Move move) {
        chart.addEventHandler(KeyEvent.KEY_PRESSED, key -> {
            if (key.isConsumed() || key.isAltDown() || chart.tabulated()) {
                return; // meant for another control
            }
            Module module = modules.highlightedProperty().get();
            if (arrows.contains(key.getCode())) {
                move.by(module, key.getCode());
            } else if (key.getCode() == KeyCode.SPACE || key.getCode() == KeyCode.ENTER) {
                if (module != null) {
                    modules.toggle(module);
                }
            } else if (key.getCode() == KeyCode.ESCAPE) {
                modules.point(null);
            } else {
                return;
            }
            key.consume();
        });
    }
}
