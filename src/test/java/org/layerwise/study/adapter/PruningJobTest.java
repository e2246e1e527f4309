package org.layerwise.study.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.AdvancedLoraConfig;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PrunedModel;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.Evaluation;

/** Steps of a pruning have the losses of adapters that are saved and evaluated apart, and what is kept opens again. */
class PruningJobTest {

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;
    private DataSettings rows;
    private Path adapter;
    private int liveBefore;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        liveBefore = workbench.engine().liveTensors();
        model = TinyStudy.open(workbench);
        rows = DataSettings.of(TinyStudy.classes(folder).toString());
        adapter = ofAllLayers();
    }

    @AfterEach
    void close() {
        model.close();
        assertThat(workbench.engine().liveTensors()).isEqualTo(liveBefore);
    }

    /** Returns the folder of an adapter on all four layers whose parts are drawn at random. */
    private Path ofAllLayers() {
        LoraConfig config = new LoraConfig(
                2,
                4,
                0,
                List.of("query", "intermediate.dense"),
                new TreeSet<>(model.model().allLayers()),
                LoraVariant.PLAIN,
                Bias.NONE,
                Map.of(),
                Map.of(),
                List.of(),
                AdvancedLoraConfig.DEFAULTS);
        Path saved = folder.resolve("adapter");
        Random random = new Random(11);
        try (AdaptedModel made = AdaptedModel.classifier(model.model(), config, 3, 11)) {
            Map<String, PeftAdapter.HostTensor> values = made.values();
            values.forEach((name, tensor) -> {
                for (int i = 0; name.contains("lora_B") && i < tensor.values().length; i++) {
                    tensor.values()[i] = (float) (0.2 * random.nextGaussian());
                }
            });
            made.assign(values);
            made.toPeft(model.base()).write(saved);
        }
        return saved;
    }

    private PruningJob job(PruningOrder order, PruningTarget target, @Nullable String metric, String out) {
        return new PruningJob(workbench, model, adapter, rows, null, order, target, metric, folder.resolve(out));
    }

    /** Returns the loss of the adapter without some layers, saved and evaluated apart. */
    private double loss(SortedSet<Integer> removed) {
        Path saved = folder.resolve("apart" + removed);
        try (AdaptedModel whole = AdaptedModel.load(model.model(), PeftAdapter.read(adapter, workbench.engine()), 0)) {
            if (removed.isEmpty()) {
                whole.toPeft(new BaseModel("base", null)).write(saved);
            } else {
                try (AdaptedModel pruned = PrunedModel.without(whole, removed)) {
                    pruned.toPeft(new BaseModel("base", null)).write(saved);
                }
            }
        }
        return evaluated(saved).loss();
    }

    private Evaluation evaluated(Path saved) {
        return new EvaluationJob(workbench, model, saved, rows, null, null, null)
                .run(Progress.none())
                .evaluation();
    }

    @Test
    void greedyRemovalTakesTheCheapestLayerAtEachStep() {
        PruningResult result =
                job(PruningOrder.LOSS, new PruningTarget.Nothing(), null, "out").run(Progress.none());

        assertThat(result.steps()).hasSize(4);
        assertThat(result.evaluations()).isEqualTo(1 + 4 + 3 + 2);
        assertThat(result.kept()).isNull();
        SortedSet<Integer> removed = new TreeSet<>();
        assertThat(result.steps().get(0).evaluation().loss()).isCloseTo(loss(removed), within(1e-6));
        for (PruningStep step : result.steps().subList(1, 4)) {
            double cheapest = Double.POSITIVE_INFINITY;
            int first = -1;
            for (int layer = 0; layer < 4; layer++) {
                if (!removed.contains(layer)) {
                    SortedSet<Integer> tried = new TreeSet<>(removed);
                    tried.add(layer);
                    double found = loss(tried);
                    if (found < cheapest) {
                        cheapest = found;
                        first = layer;
                    }
                }
            }
            assertThat(step.removed()).isEqualTo(first);
            assertThat(step.evaluation().loss()).isCloseTo(cheapest, within(1e-6));
            removed.add(first);
        }
        assertThat(folder.resolve("out")).isDirectoryContaining("glob:**/pruning.csv");
        assertThat(folder.resolve("out/adapter")).doesNotExist();
    }

    @Test
    void theLeastEnergyGoesFirst() {
        Analysis analysis = new AnalysisJob(
                        workbench,
                        model,
                        rows,
                        AnalysisSettings.defaults().with(List.of(AdapterEnergy.MEASURE)),
                        adapter)
                .run(Progress.none(), partial -> {});
        List<Integer> ascending = new ArrayList<>(analysis.importance().ranking(UndefinedLayers.EXCLUDE));
        Collections.reverse(ascending);

        PruningResult result = job(PruningOrder.ENERGY, new PruningTarget.Nothing(), null, "out")
                .run(Progress.none());

        assertThat(result.steps().stream().skip(1).map(PruningStep::removed)).isEqualTo(ascending.subList(0, 3));
        assertThat(result.evaluations()).isEqualTo(4);
    }

    @Test
    void whatIsKeptOpensAgainWithTheSameNumbers() throws IOException {
        Files.writeString(adapter.resolve("README.md"), "# before\n");
        Path out = folder.resolve("out");

        PruningResult result = job(PruningOrder.NORM, new PruningTarget.Layers(2), "loss", "out")
                .run(Progress.none());

        PruningStep kept = result.kept();
        assertThat(kept).isEqualTo(result.steps().get(2));
        assertThat(kept.parameters()).isEqualTo(result.steps().get(0).parameters() / 2);
        assertThat(evaluated(out.resolve("adapter")).loss())
                .isCloseTo(kept.evaluation().loss(), within(1e-6));
        assertThat(Files.readAllLines(out.resolve("pruning.csv")))
                .hasSize(4)
                .first()
                .isEqualTo("removed,layers,remaining,parameters,loss,accuracy,matthews,f1,kept");
        assertThat(Files.readAllLines(out.resolve("pruning.csv")).get(3)).endsWith(",1");
        assertThat(out.resolve("adapter/README.before-pruning.md")).hasContent("# before\n");
        assertThat(out.resolve("adapter/README.md"))
                .content()
                .contains("2 of 4 layers have adapters", "library_name: peft", "by removing other layers");
        assertThat(out.resolve("methods.txt"))
                .content()
                .startsWith(
                        "An adapter on 4 of 4 layers of bert was pruned: adapters of layers were removed one by one,"
                                + " those that change the weights the least first,")
                .contains("Kept was 2 layers: the adapters of layers");
        assertThat(result.remarks())
                .contains("These rows chose what is kept, so measure it on other rows before you report a value.");
    }

    @Test
    void aCancelledPruningWritesNothing() {
        Progress cancelled = new Progress() {
            private boolean second;

            @Override
            public void report(double fraction, String message) {
                second |= message.contains("evaluation 2 of");
            }

            @Override
            public boolean cancelled() {
                return second;
            }
        };

        assertThatThrownBy(() -> job(PruningOrder.NORM, new PruningTarget.Layers(1), null, "out")
                        .run(cancelled))
                .isInstanceOf(CancelledException.class);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void whatCannotBeDoneIsRefusedInOneSentence() {
        assertThatThrownBy(() -> job(PruningOrder.NORM, new PruningTarget.Layers(4), null, "out")
                        .run(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("The adapter %s has adapters in 4 layers; keep fewer with --keep.".formatted(adapter));
        assertThatThrownBy(() -> job(PruningOrder.NORM, new PruningTarget.Share(0.1), null, "out")
                        .run(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "The layer of the adapter %s that was left last has more than 10 %% of the parameters; keep a larger share with --keep."
                                .formatted(adapter));
        assertThatThrownBy(() -> job(PruningOrder.NORM, new PruningTarget.Nothing(), "pearson", "out")
                        .run(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("There is no metric pearson for this task; choose one of accuracy, f1, loss, matthews for"
                        + " --metric.");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
