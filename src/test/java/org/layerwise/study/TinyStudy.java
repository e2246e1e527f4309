package org.layerwise.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.install.AppFolders;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;

/** The tiny BERT and its rows as a user would have them on disk. */
public final class TinyStudy {

    public static final String MODEL = Golden.folder("bert").toString();

    private TinyStudy() {}

    public static Workbench workbench(Path home) {
        return new Workbench(new AppFolders(
                home.resolve("data"), home.resolve("config"), home.resolve("state"), home.resolve("cache")));
    }

    public static OpenModel open(Workbench workbench) {
        return workbench.openModel(MODEL, "cpu", Progress.none());
    }

    /** Pre-tokenised JSONL with a class a row. */
    public static Path classes(Path folder) {
        return write(
                folder.resolve("classes.jsonl"),
                row -> ((Labels.Classes) GoldenBert.data().labels()).of(row));
    }

    /** Pre-tokenised JSONL with a number a row. */
    public static Path numbers(Path folder) {
        return write(folder.resolve("numbers.jsonl"), row -> row / 7.0);
    }

    /** Rows as a model takes them. */
    public static TokenizedDataset tokens(Workbench workbench, OpenModel model, DataSettings data) {
        return model.tokenize(
                workbench.read(data, LabelUse.IGNORE, Split.TRAIN, Progress.none()), data, Progress.none());
    }

    /** What layers make of them here. */
    public static Representations represent(OpenModel model, TokenizedDataset tokens, Position position) {
        return model.represent(tokens, position, Progress.none());
    }

    public interface LabelOf {
        Number of(int row);
    }

    public static Path write(Path file, LabelOf label) {
        TokenizedDataset data = GoldenBert.data();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            TokenRow row = data.rows().get(i);
            ObjectNode line = Json.object();
            line.set("input_ids", Json.tree(row.ids()));
            line.set("token_type_ids", Json.tree(row.typeIds()));
            line.set("labels", Json.tree(label.of(i)));
            lines.add(Json.line(line));
        }
        try {
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
