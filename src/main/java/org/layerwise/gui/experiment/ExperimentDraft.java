package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileNames;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.lora.LoraSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.ExperimentSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.OptimiserSettings;

/**
 * Experiment that the panes describe but that need not have begun: its settings, errors in them, and the number of its
 * runs.
 *
 * @param runsFolder returns the parent of new run folders; folders of experiments are beside it
 */
record ExperimentDraft(
        StudySession session, ExperimentForm form, SharedSettings shared, Supplier<Path> runsFolder, Clock clock) {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    /** Returns the settings; empty if {@link #mistake} has a reason. */
    Optional<ExperimentSettings> settings() {
        OpenModel model = session.modelProperty().get();
        OpenData data = session.dataProperty().get();
        return model == null || data == null || mistake().isPresent()
                ? Optional.empty()
                : Optional.of(settings(model, data));
    }

    /** Returns the reason why the experiment cannot start, in one sentence; empty if it can. */
    Optional<String> mistake() {
        OpenModel model = session.modelProperty().get();
        OpenData data = session.dataProperty().get();
        if (model == null) {
            return Optional.of(text("training.needs.model"));
        }
        if (model.card().memory().nothing()) {
            return Optional.of(text("training.needs.weights"));
        }
        if (data == null) {
            return Optional.of(text("training.needs.data"));
        }
        if (session.dataChangedProperty().get()) {
            return Optional.of(text("data.changed"));
        }
        if (form.armsProperty().get().isEmpty()) {
            return Optional.of(text("experiment.needs.arms"));
        }
        Optional<String> elsewhere = shared.mistake().get();
        if (elsewhere.isPresent()) {
            return elsewhere.map(words -> text("experiment.training.wrong", words));
        }
        return Optional.of(UserException.messageOf(() -> requireUsable(settings(model, data))))
                .filter(words -> !words.isEmpty());
    }

    private static void requireUsable(ExperimentSettings settings) {
        if (settings.training().values().find(LoraSettings.INIT_ADAPTER).isPresent()) {
            throw new UserException(text("experiment.adapter"));
        }
        if (!hasValidation(settings)
                && (settings.rates().size() > 1 || settings.training().test() == null)) {
            throw new UserException(text("experiment.needs.rows"));
        }
    }

    /** Returns true if there are validation rows, which a pilot measures. */
    static boolean hasValidation(ExperimentSettings settings) {
        return settings.training().validation(settings.data()) != null;
    }

    /** Returns the number of arms, seeds and runs in one line. */
    static String runs(ExperimentSettings settings) {
        long trained = settings.arms().stream().filter(Arm::isTrained).count();
        int tried = settings.grid().sweep().size();
        boolean probe = settings.arms().stream().anyMatch(arm -> ArmGroup.need(arm) == ArmGroup.Need.PROBE);
        return text(
                "experiment.runs",
                settings.arms().size(),
                settings.seeds(),
                NumberTexts.exact(trained * settings.seeds()),
                tried,
                NumberTexts.exact(tried),
                probe ? 1 : 0);
    }

    private ExperimentSettings settings(OpenModel model, OpenData data) {
        TrainingSettings training = shared.training().get();
        Integer batch = shared.batch().get();
        return new ExperimentSettings(
                model.settings(),
                data.settings().withBatch(batch != null && batch == DataSettings.DEFAULT_BATCH ? null : batch),
                training,
                new AnalysisSettings(
                        shared.analysis().get().unnamed().values().with(AnalysisSettings.SEED, training.seed())),
                form.armsProperty().get(),
                form.rates(training.get(OptimiserSettings.LEARNING_RATE)),
                form.seedsProperty().get(),
                form.folder().orElseGet(() -> newFolder(data)),
                form.rules());
    }

    private Path newFolder(OpenData data) {
        return runsFolder
                .get()
                .resolveSibling("experiments")
                .resolve(FileNames.plain(data.preview().name()) + "-"
                        + LocalDateTime.now(clock).format(STAMP));
    }
}
