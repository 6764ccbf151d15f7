package org.encore.app.report.profile;

import java.awt.Color;
import java.io.IOException;
import java.util.List;
import org.encore.app.report.profile.ProfileTree.Profiled;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.WindowLength;
import org.encore.statistics.Interval;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Profiles as PNG pictures. */
final class ProfilePlots {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 460;
    private static final int LEAD = 10;

    private ProfilePlots() {}

    /** Mean Δ of a piece against the length of the damage, a line a checkpoint, with intervals. */
    static byte[] deltaByLength(List<Profiled> profiled) throws IOException {
        WindowLength.Unit unit =
                profiled.get(0).profile().settings().lengths().get(0).unit();
        XYChart chart = chart(
                "What damage adds to the loss of a piece",
                unit == WindowLength.Unit.CODES ? "damaged codes" : "damaged seconds");
        for (Profiled each : profiled) {
            Profile profile = each.profile();
            int lengths = profile.settings().lengths().size();
            double[] x = new double[lengths];
            double[] y = new double[lengths];
            double[] spread = new double[lengths];
            for (int i = 0; i < lengths; i++) {
                Interval delta = profile.metrics(i).get("delta");
                x[i] = profile.settings().lengths().get(i).amount();
                y[i] = delta.value();
                spread[i] = (delta.high() - delta.low()) / 2;
            }
            chart.addSeries(each.checkpoint(), x, y, spread).setMarker(SeriesMarkers.CIRCLE);
        }
        return png(chart);
    }

    /** Mean Δ of each code from just before the onset on, codebooks averaged, a line a length. */
    static byte[] curves(Profiled profiled) throws IOException {
        Profile profile = profiled.profile();
        XYChart chart = chart("Loss curves of " + profiled.checkpoint(), "codes from the onset");
        for (int i = 0; i < profile.settings().lengths().size(); i++) {
            List<Profile.Point> points = profile.meanCurve(i, LEAD);
            int codebooks = points.get(points.size() - 1).codebook() + 1;
            int frames = points.size() / codebooks;
            double[] x = new double[frames];
            double[] y = new double[frames];
            for (int p = 0; p < points.size(); p++) {
                x[p % frames] = points.get(p).frame();
                y[p % frames] += points.get(p).mean() / codebooks;
            }
            XYSeries series =
                    chart.addSeries(profile.settings().lengths().get(i).label(), x, y);
            series.setMarker(SeriesMarkers.NONE);
            series.setLineWidth(1.2f);
        }
        return png(chart);
    }

    private static XYChart chart(String title, String across) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(across)
                .yAxisTitle("Δ, nats a code")
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideS)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        return chart;
    }

    private static byte[] png(XYChart chart) throws IOException {
        return BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
    }
}
