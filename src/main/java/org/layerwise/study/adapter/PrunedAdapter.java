package org.layerwise.study.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.ModelFolder;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PrunedModel;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.report.AdapterCard;

/**
 * Trained adapter of which only the adapters of some layers are written.
 *
 * @param adapter folder of the adapter
 * @param stored content of the folder
 * @param whole model with the whole adapter
 */
public record PrunedAdapter(OpenModel model, Path adapter, PeftAdapter stored, AdaptedModel whole) {

    /** Name of the card that the adapter had before, in the folder of the kept adapter. */
    static final String EARLIER_CARD = "README.before-pruning.md";

    /**
     * Number of parameters of a model with a pruned adapter.
     *
     * @param adapter parameters of the adapters that are left
     * @param trainable parameters of these adapters and of the head
     * @param total parameters of the base model, the adapters that are left, and the head
     */
    public record Size(long adapter, long trainable, long total) {

        private static Size of(AdaptedModel model) {
            return new Size(model.adapterParameters(), model.trainableParameters(), model.totalParameters());
        }
    }

    /**
     * Writes what remains of an adapter into an existing folder.
     *
     * @param adapter folder of the whole adapter, of PEFT's files
     * @param kept 0-based layers that keep their adapters, at least one
     * @return parameters that are left
     * @throws org.layerwise.base.UserException if the adapter cannot be read, or does not fit the model
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static Size write(
            Workbench workbench, OpenModel model, Path adapter, SortedSet<Integer> kept, Path folder, Progress progress)
            throws IOException {
        PeftAdapter stored = PeftAdapter.read(adapter, workbench.engine(), progress.silent());
        try (AdaptedModel whole =
                AdaptedModel.load(model.model(), stored, stored.config().dropout(), progress)) {
            return new PrunedAdapter(model, adapter, stored, whole).write(kept, folder);
        }
    }

    /**
     * Writes the adapters of some layers, the names of classes, and the earlier card.
     *
     * @param kept 0-based layers, at least one that has an adapter
     * @param folder existing folder
     */
    Size write(SortedSet<Integer> kept, Path folder) throws IOException {
        SortedSet<Integer> removed = PrunedModel.layers(whole);
        removed.removeAll(kept);
        Size size;
        if (removed.isEmpty()) {
            size = write(whole, folder);
        } else {
            try (AdaptedModel pruned = PrunedModel.without(whole, removed)) {
                size = write(pruned, folder);
            }
        }
        copy(ClassNames.FILE, folder.resolve(ClassNames.FILE));
        copy(AdapterCard.FILE, folder.resolve(EARLIER_CARD));
        return size;
    }

    private Size write(AdaptedModel adapted, Path folder) throws IOException {
        BaseModel named = stored.base() == null ? model.base() : stored.base();
        adapted.toPeft(named).write(folder);
        return Size.of(adapted);
    }

    private void copy(String name, Path to) throws IOException {
        Optional<Path> file = new ModelFolder(adapter).file(name);
        if (file.isPresent()) {
            Files.copy(file.get(), to);
        }
    }
}
