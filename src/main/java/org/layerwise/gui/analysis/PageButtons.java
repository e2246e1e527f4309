package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;

/** Joined buttons that choose a page of the analysis pane. A page that an analysis does not have has no button. */
final class PageButtons extends HBox {

    private final Map<AnalysisPage, ToggleButton> buttons = new EnumMap<>(AnalysisPage.class);
    private final ReadOnlyObjectWrapper<AnalysisPage> page = new ReadOnlyObjectWrapper<>(AnalysisPage.SINGLE);

    /** @param conditions value of each page that may be missing, which is true while the page is there */
    PageButtons(Map<AnalysisPage, ObservableValue<Boolean>> conditions) {
        ToggleGroup group = new ToggleGroup();
        for (AnalysisPage one : AnalysisPage.values()) {
            ToggleButton button = new ToggleButton(text("analysis.view." + one.id()));
            button.setId("view-" + one.id());
            Tooltips.set(button, text("analysis.view.%s.tip".formatted(one.id())));
            button.setToggleGroup(group);
            buttons.put(one, button);
            getChildren().add(button);
        }
        button(AnalysisPage.SINGLE).setSelected(true);
        group.selectedToggleProperty().addListener((toggle, was, is) -> {
            if (is == null && was != null) {
                was.setSelected(true); // one of the pages is always shown
            } else {
                buttons.forEach((one, button) -> {
                    if (button == is) {
                        page.set(one);
                    }
                });
            }
        });
        conditions.forEach((one, there) -> there.subscribe(is -> offer(one, is)));
        join();
        getStyleClass().add("segments");
        setMinWidth(USE_PREF_SIZE);
    }

    /** Page on display. */
    ReadOnlyObjectProperty<AnalysisPage> pageProperty() {
        return page.getReadOnlyProperty();
    }

    private ToggleButton button(AnalysisPage of) {
        ToggleButton button = buttons.get(of);
        if (button == null) {
            throw new IllegalArgumentException("no button of " + of);
        }
        return button;
    }

    private void offer(AnalysisPage one, boolean there) {
        ToggleButton button = button(one);
        Nodes.show(button, there);
        if (!there && button.isSelected()) {
            button(AnalysisPage.SINGLE).setSelected(true);
        }
        join();
    }

    /** Rounds the outer corners of the first and the last button. */
    private void join() {
        List<ToggleButton> shown =
                buttons.values().stream().filter(ToggleButton::isVisible).toList();
        for (ToggleButton button : shown) {
            String pill = button == shown.get(0)
                    ? "left-pill"
                    : button == shown.get(shown.size() - 1) ? "right-pill" : "center-pill";
            button.getStyleClass().setAll("toggle-button", pill, "small");
        }
    }
}
