/**
 * Contests of models on common prompts, and the study that trains, chooses and judges them.
 *
 * <p>Read first: {@link org.encore.app.contest.Contest}, then {@link org.encore.app.contest.Study}.
 *
 * <p>Invariants: every model answers the same prompts, drawn from the same random streams; judges share no parameter with a
 * reward; what is on disk whole is not made again.
 */
package org.encore.app.contest;
