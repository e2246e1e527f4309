package org.layerwise.gui.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Measure;
import org.layerwise.base.Progress;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.InventedEngine;
import org.layerwise.gui.model.RecentFolders;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.study.DataSettings;

class StepTextsTest {

    private final InventedEngine engine = new InventedEngine(0);
    private final Desk desk = new Desk();
    private final List<String> copied = new ArrayList<>();
    private final ViewModels models = ViewModels.of(
            new ViewModels.World(
                    engine,
                    desk,
                    desk,
                    new ChosenFiles(),
                    desk,
                    new RecentFolders() {
                        @Override
                        public List<Path> recent() {
                            return List.of();
                        }

                        @Override
                        public void add(Path folder) {
                            // forgotten
                        }
                    },
                    Path.of("runs"),
                    Clock.systemUTC()),
            () -> false);
    private final StepTexts steps =
            new StepTexts(models.session(), models.model(), models.training(), desk, copied::add);

    @Test
    void anAnalysisIsCopiedAsTheCommandThatRepeatsIt() {
        steps.copyAnalysisCommand();
        steps.copyMethods();
        assertThat(copied).as("there is none yet").isEmpty();
        assertThat(steps.repeatable().getValue()).isFalse();
        analyze();
        assertThat(steps.repeatable().getValue()).isTrue();
        steps.copyAnalysisCommand();
        steps.copyAnalysisYaml();
        steps.copyMethods();
        assertThat(copied).hasSize(3);
        assertThat(copied.get(0))
                .startsWith("layerwise analyze --model bge-small-en-v1.5 --data sample:definitions")
                .contains("--bootstrap 250", "--permutations 100")
                .endsWith("--out analysis-definitions");
        assertThat(copied.get(1)).contains("bootstrap: 250", "data: ");
        assertThat(copied.get(2)).contains("bge-small-en-v1.5", Measure.LINEAR_CKA.shortName());
        assertThat(desk.notices()).endsWith("Methods paragraph copied");
    }

    @Test
    void aTrainingIsCopiedAsItWouldRun() {
        steps.copyTrainingCommand();
        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .isEqualTo("Open a model first."));
        analyze();
        steps.copyTrainingCommand();
        steps.copyTrainingYaml();
        assertThat(copied.get(0))
                .startsWith("layerwise train --model sample --data sample:definitions")
                .contains("--layers 1,2,4,5,8,11")
                .endsWith("--out run-definitions");
        assertThat(copied.get(1)).contains("model: sample");
    }

    private void analyze() {
        models.model().open("sample");
        desk.work();
        DataSettings data = DataSettings.of("sample:definitions");
        models.session().dataProperty().set(new OpenData(data, engine.openData(data, Progress.none())));
        models.analysis().resampleProperty().set(true);
        models.analysis().replicatesProperty().set(250);
        models.analysis().analyze();
        desk.work();
    }
}
