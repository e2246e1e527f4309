package org.layerwise.chart.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.entity.ChartEntity;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.ModuleImportance.Module;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourMap;

class ModuleImportanceChartTest {

    private static final Module QUERY = new Module("layers.0.attn.q", "attn.q", 0, 1);
    private static final Module UP = new Module("layers.1.mlp.up", "mlp.up", 1, 2);

    private final ModuleImportanceChart chart = new ModuleImportanceChart(
            new ModuleImportance(List.of(QUERY, UP)), 2, "SNR", ColourMap.VIRIDIS, ChartStyle.light());

    @Test
    void cellsBelongToTheirLinearMaps() {
        assertThat(chart.at(0, 0)).isEqualTo(QUERY);
        assertThat(chart.at(0, 1)).as("layer 1 has no query").isNull();
        assertThat(chart.cell(UP)).isEqualTo(new HeatmapChart.Pair(1, 1));
        assertThat(drawn().stream().map(chart::moduleOf).flatMap(Optional::stream))
                .containsExactlyInAnyOrder(QUERY, UP);
    }

    @Test
    void selectedLinearMapsHaveADotAndALegend() {
        BufferedImage without = picture();
        int height = chart.exportSize().height();
        chart.select(Set.of(UP.name()));
        assertThat(chart.chart().getSubtitleCount()).isEqualTo(1);
        assertThat(chart.exportSize().height()).isGreaterThan(height);
        assertThat(dots(picture())).isEqualTo(1);
        chart.select(Set.of(UP.name(), QUERY.name()));
        assertThat(dots(picture())).isEqualTo(2);
        assertThat(chart.chart().getSubtitleCount()).as("one legend").isEqualTo(1);
        chart.select(Set.of());
        assertThat(chart.chart().getSubtitleCount()).isZero();
        assertThat(picture().getRGB(200, 100)).isEqualTo(without.getRGB(200, 100));
    }

    /** Counts the linear maps whose cells have another colour in the middle than beside it. */
    private long dots(BufferedImage picture) {
        return drawn().stream()
                .filter(entity -> chart.moduleOf(entity).isPresent())
                .map(entity -> entity.getArea().getBounds())
                .filter(box -> picture.getRGB((int) box.getCenterX(), (int) box.getCenterY())
                        != picture.getRGB((int) box.getX() + 2, (int) box.getCenterY()))
                .count();
    }

    private List<ChartEntity> drawn() {
        ChartRenderingInfo info = new ChartRenderingInfo();
        chart.chart().createBufferedImage(400, 300, info);
        List<ChartEntity> entities = new ArrayList<>();
        for (Object entity : info.getEntityCollection().getEntities()) {
            entities.add((ChartEntity) entity);
        }
        return entities;
    }

    private BufferedImage picture() {
        return chart.chart().createBufferedImage(400, 300);
    }
}
