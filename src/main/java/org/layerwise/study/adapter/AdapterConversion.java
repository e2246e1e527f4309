package org.layerwise.study.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.ModelFolder;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PlainLoraConversion;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.Versions;
import org.layerwise.study.report.AdapterCard;

/**
 * Converts an adapter that was initialised with a part of the weights (PiSSA, OLoRA), or one of MiSS, to a standard LoRA
 * adapter, which can be shared.
 */
public final class AdapterConversion {

    private AdapterConversion() {}

    /**
     * Writes the standard LoRA adapter. The folder appears only when it is complete.
     *
     * @param adapter folder of the trained adapter
     * @param initial folder of this adapter before its training, {@code adapter-initial} in a run's folder; null for
     *     MiSS
     * @param model id or folder of the base model, of which the description alone is read; null except for MiSS
     * @param out folder to write, which must be empty or not exist
     * @param progress cancels the conversion; nothing is reported to it
     * @return the rank of the standard LoRA adapter for modules without a rank pattern
     * @throws org.layerwise.base.UserException if the two adapters do not belong to the same training, or the folder is
     *     in use or cannot be written, or what the kind of the adapter needs is not named
     * @throws org.layerwise.base.CancelledException if cancelled; nothing is written
     */
    public static int run(
            Workbench workbench,
            Path adapter,
            @Nullable Path initial,
            @Nullable String model,
            Path out,
            Progress progress) {
        NewFolder.require(out);
        PeftAdapter trained = PeftAdapter.read(adapter, workbench.engine(), progress);
        PeftAdapter plain = trained.config().variant().sharded()
                ? ofMiss(workbench, trained, initial, model, progress)
                : PlainLoraConversion.of(trained, initial(workbench, trained, initial, progress));
        AtomicFiles.writeNewFolder(out, beside -> {
            progress.check();
            plain.write(beside);
            copyNames(adapter, beside);
            convertCard(adapter, beside, plain.config().rank());
            progress.check(); // the folder does not appear
        });
        return plain.config().rank();
    }

    private static PeftAdapter ofMiss(
            Workbench workbench, PeftAdapter miss, @Nullable Path initial, @Nullable String model, Progress progress) {
        if (initial != null || model == null) {
            throw new UserException(
                    "%s is an adapter of MiSS, which is converted by the sizes of its base model; name that with --model, and leave out --initial."
                            .formatted(miss.origin()));
        }
        Path folder = workbench.modelFolder(model, new PauseSwitch(), progress);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return PlainLoraConversion.ofMiss(miss, ModelBlueprint.read(workbench.engine(), checkpoint));
        }
    }

    private static PeftAdapter initial(
            Workbench workbench, PeftAdapter trained, @Nullable Path initial, Progress progress) {
        if (initial == null) {
            throw new UserException(
                    "%s is converted with the adapter before its training; name that with --initial (adapter-initial in the run folder)."
                            .formatted(trained.origin()));
        }
        return PeftAdapter.read(initial, workbench.engine(), progress);
    }

    private static void convertCard(Path adapter, Path to, int rank) throws IOException {
        Optional<Path> card = new ModelFolder(adapter).file(AdapterCard.FILE);
        if (card.isPresent()) {
            Files.writeString(
                    to.resolve(AdapterCard.FILE),
                    Files.readString(card.get())
                            + "\n## Conversion\n\nThis is the same adapter as plain LoRA of rank %s, which changes the weights of the base as they are; Layerwise %s converted it.\n"
                                    .formatted(rank, Versions.layerwise()));
        }
    }

    private static void copyNames(Path adapter, Path to) throws IOException {
        Optional<Path> names = new ModelFolder(adapter).file(ClassNames.FILE);
        if (names.isPresent()) {
            Files.copy(names.get(), to.resolve(ClassNames.FILE));
        }
    }
}
