package org.layerwise.study.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.Setting;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.family.ModelClasses;
import org.layerwise.run.RunConfig;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.Versions;
import org.layerwise.study.report.AdapterCard;
import org.layerwise.study.training.EvaluationSet;
import org.layerwise.study.training.TrainingInputs;
import org.layerwise.study.training.TrainingRemarks;
import org.layerwise.study.training.TrainingRequest;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepOrder;
import org.layerwise.training.TrainerSettings;

/**
 * Training as files for a trainer on another computer: {@code config.yaml} as in a run, {@code rows.safetensors} with
 * the tokens and the rows of each step, {@code plan.json} with all resolved settings, and {@code adapter-initial/} in
 * PEFT's format. A trainer that executes these steps gets the same results, since nothing is left to random draws or
 * choices.
 *
 * @param there options of the job
 * @param gpu true if the training runs on GPUs, which decides the data type if the settings do not
 */
public record TrainingExport(
        Workbench workbench,
        OpenModel model,
        DataSettings data,
        TrainingSettings settings,
        RemoteOptions there,
        boolean gpu) {

    static final String PLAN = "plan.json";
    static final String ROWS = "rows.safetensors";
    static final String ADAPTER = "adapter-initial";

    /** Key of the plan for the learning rate of each step. */
    static final String LEARNING_RATES = "learning_rates";

    private static final int VERSION = 1;

    /**
     * Writes the complete folder; replaces an existing one. The progress receives the remarks of the training first.
     *
     * @param more writes additional files into the folder
     * @throws UserException if data, settings or the initial adapter do not fit the model, or cannot be sent
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public void write(Path folder, AtomicFiles.Writer more, Progress progress) {
        write(folder, folder, more, run -> {}, progress);
    }

    /**
     * Refuses settings that the program of clusters does not have.
     *
     * @throws UserException if such a setting is found; the message names the flag
     */
    public static void requireSupported(TrainingSettings settings) {
        if (settings.values().find(RunSettings.PREFIX_CACHE).orElse(0) > 0) {
            throw new UserException(
                    "--prefix-cache keeps what frozen layers compute on this computer, which the program of clusters does not do; leave it out.");
        }
        if (settings.adapter().variant().initialisation() instanceof Initialisation.LoraGa start) {
            throw new UserException(
                    "%s starts from gradients that are computed on this computer alone, and the program of clusters does not have it; choose another variant, or train here."
                            .formatted(start.title()));
        }
        if (settings.get(OptimiserSettings.PACKING)) {
            throw new UserException(
                    "--packing places rows side by side on this computer, which the program of clusters does not do; leave it out.");
        }
    }

    /**
     * Writes the complete folder and passes the run on.
     *
     * @param out folder of the run on this computer; the export's own folder if there is no run
     * @param then receives the run while its inputs are still open
     */
    void write(Path folder, Path out, AtomicFiles.Writer more, Consumer<TrainingRequest> then, Progress progress) {
        new RemoteModel(there, model).name(); // refuses the model before the rows are read
        model.typeOn(gpu);
        requireSupported(settings);
        try (TrainingInputs material = TrainingInputs.read(workbench, model, data, settings, progress.part(0, 0.8))) {
            TrainingRequest.requireUsable(data, settings, material);
            requireClass(material.adapted());
            TrainingRemarks.of(model, data, settings, material).forEach(progress::note);
            TrainingRequest run = TrainingRequest.of(out, model, data, settings, material);
            TrainerSettings trainer = run.trainer();
            BaseModel named = new RemoteModel(there, model).base();
            PeftAdapter initial = material.adapted().toPeft(named);
            JobAdapter.requireSupported(initial, "The training", "leave out --target-parameters, or train here");
            if (initial.hasBiasesUnknownToPeft()) {
                throw new UserException(
                        "PEFT, which trains on clusters, does not save the biases of --bias lora_only; use --bias all or none, or train on this computer.");
            }
            AtomicFiles.writeNewFolder(folder, beside -> {
                // the trainer chooses the output folder, so "out" is not part of the job
                Map<String, Object> flags = new LinkedHashMap<>(run.flags());
                flags.remove("out");
                RunConfig.write(beside, flags);
                SafetensorsWriter.write(beside.resolve(ROWS), rows(material, trainer), Map.of(), progress.part(0.8, 1));
                JobAdapter.write(initial, material.adapted(), named, beside.resolve(ADAPTER));
                card(run).write(beside.resolve(ADAPTER));
                ObjectNode plan = plan(material, trainer);
                // read from the written folder, since the program starts with these files
                PlannedAdapter.put(
                        plan,
                        PeftAdapter.read(
                                beside.resolve(ADAPTER), model.described().engine()),
                        material.adapted().base().description().names().renamed());
                Json.write(beside.resolve(PLAN), plan);
                more.write(beside);
            });
            then.accept(run);
        }
    }

    private void requireClass(AdaptedModel adapted) {
        String family = adapted.base().config().family();
        if (!adapted.labels().isEmpty() && ModelClasses.classifier(family).isEmpty()) {
            throw new UserException(
                    "transformers, which trains on clusters, has no classifier for %s, a model of type %s; train a language model (--task causal-lm), or train on this computer."
                            .formatted(adapted.base().checkpoint().folder(), family));
        }
    }

    /**
     * Returns the model card for the adapter that the job trains. Results and versions are known only on the cluster.
     */
    private AdapterCard card(TrainingRequest run) {
        TrainingInputs material = run.material();
        return new AdapterCard(
                model.origin(),
                material.identity().modelSha256(),
                material.use(model),
                material.adapted().config().layers(),
                model.card().layers(),
                run.layersReason(),
                Map.of(),
                Map.of("layerwise", Versions.layerwise()),
                "A job that Layerwise wrote trains this adapter with PEFT: %s rows of %s, %s steps. config.yaml and plan.json of the job have all settings; metrics.jsonl of its run has losses and metrics, and ending.json the versions there."
                        .formatted(
                                material.train().tokens().size(),
                                material.train().tokens().name(),
                                run.trainer().schedule().steps()));
    }

    private List<Named> rows(TrainingInputs material, TrainerSettings trainer) {
        List<Named> tensors = new ArrayList<>(
                JobRows.of("train", material.train().tokens(), material.train().objective()));
        for (EvaluationSet held : material.validation()) {
            tensors.addAll(
                    JobRows.of(held.prefix(), held.rows().tokens(), held.rows().objective()));
        }
        material.test().ifPresent(test -> tensors.addAll(JobRows.of("test", test.tokens(), test.objective())));
        List<int[]> steps = StepOrder.of(material.train().tokens(), trainer);
        long[] starts = new long[steps.size() + 1];
        for (int step = 0; step < steps.size(); step++) {
            starts[step + 1] = starts[step] + steps.get(step).length;
        }
        tensors.add(JobRows.longs("steps.starts", starts));
        tensors.add(JobRows.longs(
                "steps.rows",
                steps.stream().flatMapToInt(Arrays::stream).asLongStream().toArray()));
        return tensors;
    }

    private ObjectNode plan(TrainingInputs material, TrainerSettings trainer) {
        ObjectNode plan = Json.object();
        plan.put("version", VERSION);
        plan.put("task", material.task().id());
        plan.put("vision", model.seesImages());
        plan.put("model", new RemoteModel(there, model).name());
        plan.put("model_revision", new RemoteModel(there, model).revision().orElse(null));
        plan.put("dtype", model.typeOn(gpu).torchName());
        OptionalInt outputs = material.adapted().labels();
        plan.put("outputs", outputs.isPresent() ? (Integer) outputs.getAsInt() : null);
        ArrayNode names = plan.putArray("class_names");
        material.train().classNames().forEach(names::add);
        plan.put("fsdp", there.fsdp());
        JobRows.putPadding(plan, padding(material, outputs.isPresent()));
        plan.put("seed", trainer.seed());
        ArrayNode rates = plan.putArray(LEARNING_RATES);
        for (double rate : StepOrder.learningRates(trainer)) {
            rates.add(rate);
        }
        OptimiserSettings.ALL.stream().filter(Setting::isInJobs).forEach(setting -> put(plan, setting));
        plan.put("gradient_checkpointing", settings.get(RunSettings.GRADIENT_CHECKPOINTING));
        BestMetric best = BestMetric.of(settings.values(), data.preset(), material.task());
        plan.put("keep_best", settings.get(RunSettings.KEEP_BEST));
        plan.put("patience", settings.values().find(RunSettings.PATIENCE).orElse(null));
        plan.put("best_metric", best.name());
        plan.put("less_is_better", best.lessIsBetter());
        int perEpoch = trainer.batches().stepsPerEpoch(material.train().tokens().size());
        int total = trainer.schedule().steps();
        steps(plan.putArray("evaluate_after"), settings.get(RunSettings.EVALUATE_EVERY, perEpoch), total, true);
        steps(plan.putArray("checkpoint_after"), settings.get(RunSettings.CHECKPOINT_EVERY, perEpoch), total, false);
        ArrayNode validation = plan.putArray("validation");
        material.validation().forEach(held -> validation.add(held.prefix()));
        plan.put("test", material.test().isPresent());
        AdaptedModel adapted = material.adapted();
        plan.put("samples", material.train().tokens().size());
        plan.put("cut_rows", material.train().tokens().cutRows());
        plan.put("adapter_parameters", adapted.adapterParameters());
        plan.put("trainable_parameters", adapted.trainableParameters());
        plan.put("total_parameters", adapted.totalParameters());
        return plan;
    }

    private <T> String written(Setting<T> setting) {
        return setting.write(settings.values().get(setting));
    }

    /** Writes the value of a setting under its name with underscores, null for none. */
    private void put(ObjectNode plan, Setting<?> setting) {
        Object value = settings.values().find(setting).orElse(null);
        Object plain = value instanceof Enum<?>
                ? written(setting)
                : value instanceof Optional<?> optional ? optional.orElse(null) : value;
        plan.set(setting.name().replace('-', '_'), plain == null ? NullNode.getInstance() : Json.tree(plain));
    }

    /**
     * Returns the padding of rows. The classifier of a decoder in transformers reads the last token that is not the
     * padding token, whether it is masked or not; with a model that names no padding token, it must read the token that
     * is read here.
     */
    private RowPadding padding(TrainingInputs material, boolean classifies) {
        RowPadding padding = model.rowPadding();
        if (!classifies || model.namesPadding()) {
            return padding;
        }
        List<TokenizedDataset> all = new ArrayList<>(List.of(material.train().tokens()));
        material.validation().forEach(held -> all.add(held.rows().tokens()));
        material.test().ifPresent(test -> all.add(test.tokens()));
        return new RowPadding(JobRows.paddingBehind(all, model.card().vocabularySize()), padding.upTo());
    }

    /**
     * Adds every step that is a multiple of a period.
     *
     * @param last true to add the last step in any case
     */
    private static void steps(ArrayNode list, int period, int total, boolean last) {
        for (int step = 1; step <= total; step++) {
            if (period > 0 && step % period == 0 || last && step == total) {
                list.add(step);
            }
        }
    }
}
