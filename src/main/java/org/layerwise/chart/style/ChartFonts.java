package org.layerwise.chart.style;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Typeface of charts, in any size. */
public final class ChartFonts {

    /** Resource name of the Inter font on the class path (OFL-1.1). Charts and the window use the same file. */
    public static final String INTER_RESOURCE = "/com/formdev/flatlaf/fonts/inter/Inter-Regular.otf";

    private static final Logger LOG = LoggerFactory.getLogger(ChartFonts.class);

    private final Font regular;
    private final boolean wholePixels;

    private ChartFonts(Font regular, boolean wholePixels) {
        this.regular = regular;
        this.wholePixels = wholePixels;
    }

    /** Returns Inter, or the platform's sans serif font if Inter cannot be loaded. The file is read once. */
    public static ChartFonts inter() {
        return Inter.LOADED;
    }

    /** Returns an installed font family. An unknown name gives the platform's default family. */
    public static ChartFonts named(String family) {
        return new ChartFonts(new Font(family, Font.PLAIN, 12), true);
    }

    /** Returns this typeface in exact, unrounded sizes, for charts in files. */
    public ChartFonts printed() {
        return new ChartFonts(regular, false);
    }

    /**
     * Returns the font in a size.
     *
     * @param size size in pixels at 96 dpi; rounded to whole pixels unless the fonts come from {@link #printed}: the
     *     window's toolkit draws whole sizes only, and text measured in other sizes would be larger than drawn
     */
    public Font sized(double size) {
        return regular.deriveFont((float) Math.max(1, wholePixels ? Math.round(size) : size));
    }

    private static final class Inter {

        static final ChartFonts LOADED = load();

        private static ChartFonts load() {
            try (InputStream file = ChartFonts.class.getResourceAsStream(INTER_RESOURCE)) {
                if (file != null) {
                    return new ChartFonts(Font.createFont(Font.TRUETYPE_FONT, file), true);
                }
                LOG.warn("There is no {} on the class path; charts use the platform's sans serif.", INTER_RESOURCE);
            } catch (FontFormatException | IOException e) {
                LOG.warn("Cannot load {}; charts use the platform's sans serif.", INTER_RESOURCE, e);
            }
            return named(Font.SANS_SERIF);
        }
    }
}
