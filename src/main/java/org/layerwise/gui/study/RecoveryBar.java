package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.study.document.RecoveryStore.Left;

/** A bar that offers to recover a study after a crash. */
public final class RecoveryBar extends HBox {

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofLocalizedDateTime(
                    FormatStyle.MEDIUM, FormatStyle.SHORT)
            .withLocale(Locale.UK);

    public RecoveryBar(RecoveryViewModel recovery) {
        Label sentence = new Label();
        sentence.setId("recovery-sentence");
        sentence.setWrapText(true);
        Nodes.fillWidth(sentence);
        sentence.textProperty()
                .bind(recovery.offeredProperty().map(RecoveryBar::words).orElse(""));
        var recover = Nodes.button("recover-study", text("study.recover"), recovery::recover);
        var discard = Nodes.button("discard-study", text("study.recover.discard"), recovery::discard);
        recover.getStyleClass().add("small");
        discard.getStyleClass().addAll("small", "flat");
        getStyleClass().add("offer-bar");
        setAlignment(Pos.CENTER_LEFT);
        getChildren().setAll(Icons.of(Material2OutlinedMZ.RESTORE), sentence, recover, discard);
        Nodes.showWhen(this, recovery.offeredProperty().map(offered -> true).orElse(false));
    }

    private static String words(Left left) {
        String when = WHEN.format(left.when().atZone(ZoneId.systemDefault()));
        return left.original() == null
                ? text("study.recover.untitled", when)
                : text("study.recover.sentence", left.name(), when);
    }
}
