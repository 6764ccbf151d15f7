"use strict";

// A finger that is lifted leaves what it pointed at; a mouse that goes away takes it along.
function whenPointedAt(drawing, show, hide) {
    for (const kind of ["pointerdown", "pointermove"]) {
        drawing.addEventListener(kind, show);
    }
    drawing.addEventListener("pointerleave", event => {
        if (event.pointerType !== "touch") {
            hide();
        }
    });
}

// Charts: the legend tells the values of the step under the pointer.
for (const chart of document.querySelectorAll(".chart")) {
    const drawing = chart.querySelector("svg");
    const cursor = chart.querySelector(".cursor");
    const at = chart.querySelector(".at");
    const curves = [...chart.querySelectorAll("[data-points]")].map(item => {
        const numbers = item.dataset.points.split(" ");
        const value = item.querySelector(".value");
        return {
            steps: numbers.filter((_, i) => i % 2 === 0).map(Number),
            values: numbers.filter((_, i) => i % 2 === 1).map(text => text.replaceAll("~", " ")),
            value,
            last: value.textContent,
        };
    }).filter(curve => curve.values[0] !== undefined);
    if (cursor === null || curves.length === 0) {
        continue;
    }
    const [left, right, first, last] =
        ["left", "right", "first", "last"].map(name => Number(drawing.dataset[name]));

    const nearest = (steps, wanted) => steps.reduce(
        (best, step, i) => Math.abs(steps[best] - wanted) > Math.abs(step - wanted) ? i : best, 0);

    whenPointedAt(drawing, event => {
        const box = drawing.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width * drawing.viewBox.baseVal.width;
        const wanted = first + (x - left) / (right - left) * (last - first);
        const found = curves.map(curve => nearest(curve.steps, wanted));
        const steps = curves.map((curve, i) => curve.steps[found[i]]);
        const step = steps[nearest(steps, wanted)];
        curves.forEach((curve, i) => {
            const close = (last - first) / 100 >= Math.abs(steps[i] - step);
            curve.value.textContent = close ? curve.values[found[i]] : "–";
        });
        at.textContent = drawing.dataset.across + " " + step;
        cursor.setAttribute("transform",
            "translate(" + (left + (step - first) / (last - first) * (right - left)) + " 0)");
        cursor.classList.add("on");
    }, () => {
        curves.forEach(curve => {
            curve.value.textContent = curve.last;
        });
        at.textContent = "";
        cursor.classList.remove("on");
    });
}

// Points of a plane: the caption tells the one nearest to the pointer.
for (const chart of document.querySelectorAll(".frontier")) {
    const drawing = chart.querySelector("svg");
    const at = chart.querySelector(".at");
    const points = [...chart.querySelectorAll("path[class^=shade]")];
    const distance = (point, event) => {
        const box = point.getBoundingClientRect();
        return Math.hypot((box.left + box.right) / 2 - event.clientX, (box.top + box.bottom) / 2 - event.clientY);
    };
    whenPointedAt(drawing, event => {
        const near = points.reduce((best, point) => distance(point, event) < distance(best, event) ? point : best);
        points.forEach(point => point.classList.toggle("near", point === near));
        at.textContent = near.querySelector("title").textContent;
    }, () => {
        points.forEach(point => point.classList.remove("near"));
        at.textContent = "";
    });
}

// Samples: one sound at a time, a line that shows where it is, and a click that goes there.
const players = [...document.querySelectorAll("audio")];
for (const player of players) {
    const roll = player.parentElement.querySelector(".roll");
    player.addEventListener("play", () => players.filter(each => each !== player).forEach(each => each.pause()));
    if (roll === null) {
        continue;
    }
    const cursor = roll.querySelector(".cursor");
    const seconds = Number(roll.dataset.seconds);
    const show = () => {
        const part = player.currentTime / seconds;
        cursor.setAttribute("transform", "translate(" + part * roll.viewBox.baseVal.width + " 0)");
        cursor.classList.add("on");
    };
    const follow = () => {
        show();
        if (!player.paused) {
            requestAnimationFrame(follow);
        }
    };
    player.addEventListener("play", follow);
    player.addEventListener("seeked", show);
    roll.addEventListener("click", event => {
        const box = roll.getBoundingClientRect();
        player.currentTime = (event.clientX - box.left) / box.width * seconds;
        player.play();
    });
}
