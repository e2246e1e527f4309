package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.data.Excerpt;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.rules.LayerChoice;

/** Arms as check boxes in groups, each with a menu of its variants: half of the rank, spread ranks, modules of one type. */
final class ArmsView extends VBox {

    private final ExperimentForm form;
    private final Map<Arm, CheckBox> boxes = new HashMap<>();
    private final Map<Arm, CheckMenuItem> items = new HashMap<>();
    private final Map<Arm, MenuButton> menus = new HashMap<>();

    ArmsView(ExperimentForm form) {
        this.form = form;
        getStyleClass().add("arms");
        ArmGroup.ALL.forEach(group -> getChildren().add(group(group)));
        form.armsProperty().subscribe(this::show);
    }

    /** Returns a group; those of measures are folded until an arm of them is chosen. */
    private Node group(ArmGroup group) {
        VBox rows = new VBox();
        group.arms().forEach(arm -> rows.getChildren().add(row(arm)));
        String key = group.need().name().toLowerCase(Locale.ROOT);
        if (group.need() == ArmGroup.Need.BASELINES) {
            return rows;
        }
        ToggleButton fold = new ToggleButton();
        fold.setId("arms-" + key);
        fold.getStyleClass().addAll("small", "flat", "fold");
        fold.graphicProperty()
                .bind(fold.selectedProperty()
                        .map(open ->
                                Icons.of(open ? Material2OutlinedAL.EXPAND_LESS : Material2OutlinedAL.EXPAND_MORE)));
        Nodes.showWhen(rows, fold.selectedProperty());
        form.armsProperty().subscribe(chosen -> {
            long own = chosen.stream()
                    .filter(arm -> ArmGroup.need(arm) == group.need())
                    .count();
            fold.setText(text("experiment.arms.chosen", text("experiment.arms." + key), own));
            if (own > 0) {
                fold.setSelected(true); // so that no chosen arm is hidden
            }
        });
        return new VBox(fold, rows);
    }

    private Node row(Arm arm) {
        CheckBox box = new CheckBox(name(arm));
        box.setId("arm-" + arm.id());
        if (arm.choice() instanceof LayerChoice.ByMeasure by) {
            Tooltips.set(box, by.measure().title() + ". " + by.measure().description());
        }
        box.setOnAction(event -> form.ask(arm, box.isSelected()));
        boxes.put(arm, box);
        MenuButton menu = new MenuButton();
        menu.setId("variants-" + arm.id());
        menu.getStyleClass().addAll("small", "flat", "variants");
        menu.setAccessibleText(text("experiment.variants.of", name(arm)));
        Tooltips.set(menu, text("experiment.variants.tip"));
        for (Arm variant : arm.variants()) {
            CheckMenuItem item = new CheckMenuItem(variant.words());
            item.setId("arm-" + variant.id());
            item.setOnAction(event -> form.ask(variant, item.isSelected()));
            items.put(variant, item);
            menu.getItems().add(item);
        }
        menus.put(arm, menu);
        Nodes.show(menu, !menu.getItems().isEmpty());
        HBox row = Nodes.row(box, Nodes.spring(), menu);
        row.getStyleClass().add("arm");
        return row;
    }

    /** Returns the name of an arm, in a list of arms. */
    private static String name(Arm arm) {
        return arm.choice() instanceof LayerChoice.ByMeasure by
                ? by.measure().shortName()
                : Excerpt.sentence(arm.words());
    }

    private void show(List<Arm> chosen) {
        boxes.forEach((arm, box) -> box.setSelected(chosen.contains(arm)));
        items.forEach((arm, item) -> item.setSelected(chosen.contains(arm)));
        menus.forEach((arm, menu) -> {
            List<Arm> variants = new ArrayList<>(arm.variants());
            variants.retainAll(chosen);
            menu.setText(text("experiment.variants", variants.size()));
        });
    }
}
