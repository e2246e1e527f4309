package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.similarity.AngularProcrustes;
import org.layerwise.analysis.similarity.HiddenStateMap;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.analysis.MeasureResult;

class HiddenStateMapViewModelTest {

    @TempDir
    static Path home;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final AnalysisViewModel analysis = lab.analysis(session, desk);
    private final HiddenStateMapViewModel map = new HiddenStateMapViewModel(session, desk, desk);

    @Test
    void mapsTheDisplayedResultInTheBackground() {
        lab.openSample(session);
        analysis.form().ask(AngularProcrustes.MEASURE, true);
        analysis.analyze();
        desk.work();
        assertThat(map.shownProperty().get()).as("CKA is no metric").isNull();
        assertThat(map.results()).extracting(MeasureResult::measure).containsExactly(AngularProcrustes.MEASURE);

        MeasureResult result = map.results().get(0);
        map.show(result);
        assertThat(map.shownProperty().get()).as("computed later").isNull();
        assertThat(desk.waiting()).isEqualTo(1);
        desk.work();
        assertThat(map.shownProperty().get().map())
                .isEqualTo(HiddenStateMap.of(AngularProcrustes.MEASURE, result.similarity())
                        .orElseThrow());

        map.show(result);
        analysis.resultProperty()
                .set(session.analyses()
                        .get(0)
                        .analysis()
                        .result(LinearCka.MEASURE)
                        .orElseThrow());
        assertThat(map.shownProperty().get()).isNull();
    }
}
