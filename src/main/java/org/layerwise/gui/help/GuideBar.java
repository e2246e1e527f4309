package org.layerwise.gui.help;

import static org.layerwise.gui.common.Messages.text;

import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.help.GuideViewModel.Step;

/** Guide bar: one line with the next step, a button that starts it, and a button that dismisses the guide. */
public final class GuideBar extends HBox {

    /**
     * Actions of the buttons.
     *
     * @param sample opens the sample study
     * @param analyze analyzes the open data
     * @param train opens the training pane
     * @param save saves the study
     */
    public record Offers(Runnable sample, Runnable analyze, Runnable train, Runnable save) {}

    private final Label count = Nodes.label("", "section-inline");
    private final Label words = new Label();
    private final Button next;
    private final Offers offers;

    public GuideBar(GuideViewModel guide, Offers offers) {
        this.offers = offers;
        count.setMinWidth(USE_PREF_SIZE);
        words.setId("guide-words");
        words.setWrapText(true);
        Nodes.fillWidth(words);
        next = Nodes.button("guide-next", "", () -> act(guide.stepProperty().get()));
        next.getStyleClass().add("small");
        Button close =
                Nodes.iconButton("guide-close", Material2OutlinedAL.CLOSE, text("guide.dismiss"), guide::dismiss);
        setId("guide-bar");
        getStyleClass().add("offer-bar");
        setAlignment(Pos.CENTER_LEFT);
        getChildren().setAll(Icons.of(Material2OutlinedAL.EXPLORE), count, words, next, close);
        guide.stepProperty().subscribe(this::show);
    }

    private void show(Step step) {
        boolean shown = step != Step.HIDDEN;
        Nodes.show(this, shown);
        if (shown) {
            String key = "guide." + step.name().toLowerCase(Locale.ROOT);
            count.setText(text("guide.count", step.ordinal() + 1, Step.HIDDEN.ordinal()));
            words.setText(text(key));
            next.setText(text(key + ".action"));
            Nodes.show(next, step != Step.WATCH);
        }
    }

    private void act(Step step) {
        switch (step) {
            case START -> offers.sample.run();
            case WAIT -> offers.analyze.run();
            case PICK -> offers.train.run();
            case KEEP -> offers.save.run();
            case WATCH, HIDDEN -> {
                // no button
            }
        }
    }
}
