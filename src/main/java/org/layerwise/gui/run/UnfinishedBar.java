package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.binding.Bindings;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.training.StepRecord;

/** Bar above a pane that offers to resume interrupted runs. Dismissed runs are not offered again. */
public final class UnfinishedBar extends HBox {

    public UnfinishedBar(RunsViewModel runs) {
        Label sentence = new Label();
        sentence.setId("offer-words");
        sentence.setWrapText(true);
        Nodes.fillWidth(sentence);
        sentence.textProperty().bind(Bindings.createStringBinding(() -> words(runs.offered()), runs.offered()));
        Button resume = Nodes.button("offer-resume", text("tasks.resume"), runs::resumeOffered);
        resume.getStyleClass().add("small");
        resume.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> runs.offered().size() == 1
                                ? RunTexts.goOn(runs.offered().get(0))
                                : text("tasks.resume"),
                        runs.offered()));
        Button close = Nodes.iconButton(
                "offer-dismiss", Material2OutlinedAL.CLOSE, text("run.offer.dismiss"), runs::dismissOffered);
        setId("offer");
        getStyleClass().add("offer-bar");
        setAlignment(Pos.CENTER_LEFT);
        getChildren().setAll(Icons.of(Material2OutlinedMZ.RESTORE), sentence, resume, close);
        Nodes.showWhen(this, Bindings.isNotEmpty(runs.offered()));
    }

    private static String words(ObservableList<RunEntry> offered) {
        if (offered.size() != 1) {
            return text("run.offer", offered.size());
        }
        RunEntry run = offered.get(0);
        if (run.steps().isEmpty()) {
            return text("run.offer.waiting", run.shortName());
        }
        StepRecord last = run.steps().get(run.steps().size() - 1);
        return text(
                run.hadCheckpoint() ? "run.offer.one" : "run.offer.anew",
                run.shortName(),
                NumberTexts.exact(last.step()),
                NumberTexts.exact(last.totalSteps()));
    }
}
