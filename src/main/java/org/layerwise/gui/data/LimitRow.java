package org.layerwise.gui.data;

import static org.layerwise.gui.common.Messages.text;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.data.token.DataSummary;
import org.layerwise.data.token.LimitSuggestion;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.StudySession.OpenData;

/** Warning that many rows are cut, with a button that reads them with a larger maximum number of tokens. */
final class LimitRow extends HBox {

    private final DataViewModel data;
    private final Label words = Nodes.label("", "notice");
    private final Button use = Nodes.button("data-limit-use", "", this::use);

    LimitRow(DataViewModel data) {
        this.data = data;
        setId("data-limit");
        words.setId("data-limit-words");
        words.setWrapText(true);
        use.setMinWidth(USE_PREF_SIZE);
        use.disableProperty().bind(data.openingProperty());
        FontIcon icon = Icons.of(Material2OutlinedMZ.WARNING);
        icon.getStyleClass().add("finding-warning");
        HBox.setHgrow(words, Priority.SOMETIMES);
        getStyleClass().add("finding");
        getChildren().setAll(icon, words, use);
        data.summaryProperty().subscribe(this::show);
    }

    private void show(@Nullable DataSummary summary) {
        OpenData open = data.dataProperty().get();
        Nodes.show(this, summary != null && summary.cutsMany() && open != null);
        if (summary == null || open == null) {
            return;
        }
        LimitSuggestion limit = summary.suggestion();
        String cut = text(
                "data.limit.cut",
                percent(summary.cutShare()),
                NumberTexts.exact(open.settings().maxLength()));
        words.setText(cut + " " + (limit == null ? text("data.limit.model") : fitting(limit, summary)));
        Nodes.show(use, limit != null);
        use.setText(limit == null ? "" : text("data.limit.use", NumberTexts.exact(limit.tokens())));
    }

    private static String fitting(LimitSuggestion limit, DataSummary summary) {
        boolean all = limit.counted() == summary.lengths().size();
        return text(
                all ? "data.limit.fits.all" : "data.limit.fits",
                NumberTexts.exact(limit.tokens()),
                percent(limit.share()),
                NumberTexts.exact(limit.counted()));
    }

    private static double percent(double share) {
        return Math.round(share * 1000) / 10.0;
    }

    private void use() {
        DataSummary summary = data.summaryProperty().get();
        LimitSuggestion limit = summary == null ? null : summary.suggestion();
        if (limit != null) {
            data.limit(limit.tokens());
        }
    }
}
