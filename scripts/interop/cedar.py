#!/usr/bin/env python3
"""Asks Cedar the questions that our own rules answered, and compares every answer.

usage: cedar.py QUESTIONS.json

QUESTIONS.json is written by `TUNDISH_CEDAR_OUT=QUESTIONS.json swift test --filter CedarQuestions`:
random workspaces (groups, grants, denies) and thousands of questions with our answers. The same
rules stand below a second time, in Cedar. Prints one line and fails on a difference. Needs:
cedarpy 4.12.2.
"""

import json
import sys
from importlib.metadata import version

import cedarpy

METADATA = ["read-metadata"]
WORK = ["ingest", "clean", "redact", "augment"]

# What each role may do at any time, and what after a second person's approval.
STANDING = {
    "viewer": METADATA + ["read-redacted", "sample-redacted"],
    "annotator": METADATA + ["label"],
    "steward": METADATA + WORK + [
        "read-redacted", "sample-redacted", "label", "propose-release", "use-model",
        "export-dataset", "import-model", "propose-policy", "propose-purpose", "propose-erasure"],
    "trainer": METADATA + ["sample-redacted", "use-model", "propose-model-export", "import-model"],
    "privacy-officer": METADATA + [
        "read-redacted", "sample-redacted", "label", "approve-release", "approve-model-export",
        "approve-engine", "approve-policy", "approve-appointment", "set-purpose",
        "approve-erasure", "read-audit"],
    "auditor": METADATA + ["read-audit"],
    "admin": METADATA + ["propose-engine", "manage-principals", "manage-keys"],
    "owner": METADATA + WORK + [
        "read-redacted", "sample-redacted", "propose-release", "use-model", "approve-model-export",
        "grant-roles", "propose-appointment", "propose-purpose", "propose-erasure"],
}
APPROVAL = {
    "annotator": ["read-raw", "reidentify"],
    "steward": ["read-raw", "reidentify"],
    "privacy-officer": ["read-raw", "reidentify"],
    "owner": ["read-raw", "reidentify", "export-dataset"],
}
PURPOSE_BOUND = [
    "read-redacted", "sample-redacted", "read-raw", "reidentify", "train", "export-dataset"]

# What holds whatever roles are held.
FIXED = """
forbid(principal, action, resource) when {
    context.roles.contains("admin") && context.roles.containsAny(["auditor", "privacy-officer"]) };
forbid(principal, action in [Action::"read-redacted", Action::"sample-redacted", Action::"augment",
    Action::"train", Action::"propose-release", Action::"approve-release"], resource)
when { resource.stage == "raw" };
forbid(principal, action == Action::"read-raw", resource) when { resource.stage == "redacted" };
forbid(principal, action in [Action::"train", Action::"read-raw", Action::"reidentify"], resource)
when { resource in Scope::"dataset" && context.purpose == "" };
forbid(principal, action in [%s], resource)
when { resource in Scope::"dataset" && context.purpose != ""
    && !["sentiment", "support"].contains(context.purpose) };
""" % ", ".join(f'Action::"{name}"' for name in PURPOSE_BOUND)


def permit(grant, actions, scope, conditions):
    """One permit for a grant and some actions."""
    if not actions:
        return ""
    names = ", ".join(f'Action::"{name}"' for name in actions)
    when = [f"context.now >= {grant['from']}", f"context.now < {grant['until']}"] + conditions
    return (f'permit(principal in Principal::"{grant["principal"]}", action in [{names}], '
            f'resource in Scope::"{scope}") when {{ {" && ".join(when)} }};\n')


def policies_of(grant):
    """All that one grant permits."""
    role, scope = grant["role"], grant["scope"]
    stage = [f'resource.stage == "{grant["stage"]}"'] if grant["stage"] else []
    purpose = [f'context.purpose == "{grant["purpose"]}"'] if grant["purpose"] else []
    text = permit(grant, METADATA, "workspace", [])

    def add(actions, more):
        bound = [name for name in actions if name in PURPOSE_BOUND]
        free = [name for name in actions if name not in PURPOSE_BOUND and name not in METADATA]
        # Asked of the workspace, a role held anywhere lets import a model or propose a policy.
        wide = [name for name in free if name in ("import-model", "propose-policy")]
        return (permit(grant, bound, scope, stage + purpose + more)
                + permit(grant, free, scope, stage + more)
                + permit(grant, wide, "workspace", stage + ['resource.kind == "workspace"'] + more))

    text += add(STANDING[role], [])
    text += add(APPROVAL.get(role, []), ["context.approved"])
    if role == "annotator" and scope == "dataset":
        text += add(["read-redacted", "sample-redacted"], [])
    if role == "trainer":
        text += add(["train"], ["resource.released.contains(context.purpose)"])
    if role in ("steward", "owner"):
        text += permit(grant, ["read-audit"], scope, stage + ['resource.kind == "version"'])
    return text


def entities_of(world):
    def entity(sort, name, parents=(), **attrs):
        return {"uid": {"type": sort, "id": name}, "attrs": attrs,
                "parents": [{"type": t, "id": i} for t, i in parents]}

    parents = {}
    for member, group in world["members"]:
        parents.setdefault(member, []).append(("Principal", group))
        parents.setdefault(group, [])
    for question in world["questions"]:
        parents.setdefault(question["principal"], [])
    result = [entity("Principal", name, up) for name, up in parents.items()]
    whole, dataset = ("Scope", "workspace"), ("Scope", "dataset")
    result += [
        entity(*whole), entity(*dataset, [whole]),
        entity("Thing", "raw", [dataset], kind="version", stage="raw", released=[]),
        entity("Thing", "redacted", [dataset], kind="version", stage="redacted",
               released=["sentiment"]),
        entity("Thing", "workspace", [whole], kind="workspace", stage="", released=[]),
    ]
    return result


def holding(principal, members):
    """The principal and every group that it is in."""
    result = {principal}
    while True:
        more = {group for member, group in members if member in result} - result
        if not more:
            return result
        result |= more


def answers(world):
    policies = FIXED + "".join(policies_of(grant) for grant in world["grants"])
    for deny in world["denies"]:
        policies += (f'forbid(principal in Principal::"{deny["principal"]}", '
                     f'action == Action::"{deny["permission"]}", resource in Scope::"dataset");\n')
    requests = []
    for question in world["questions"]:
        now = int(question["now"])
        names = holding(question["principal"], world["members"])
        roles = sorted({grant["role"] for grant in world["grants"] if grant["principal"] in names
                        and int(grant["from"]) <= now < int(grant["until"])})
        for approved in (False, True):
            requests.append({
                "principal": f'Principal::"{question["principal"]}"',
                "action": f'Action::"{question["permission"]}"',
                "resource": f'Thing::"{question["resource"]}"',
                "context": {"now": now, "purpose": question["purpose"], "roles": roles,
                            "approved": approved}})
    results = cedarpy.is_authorized_batch(requests, policies, entities_of(world))
    for result in results:
        if result.diagnostics.errors:
            raise SystemExit("cedar.py: " + "; ".join(result.diagnostics.errors[:3]))
    for plain, approved in zip(results[0::2], results[1::2]):
        yield "allowed" if plain.allowed else "needs approval" if approved.allowed else "denied"


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        worlds = json.load(file)
    counts, differences = {}, []
    for number, world in enumerate(worlds):
        for question, answer in zip(world["questions"], answers(world)):
            counts[answer] = counts.get(answer, 0) + 1
            if answer != question["answer"]:
                differences.append((number, question, answer))
    for number, question, answer in differences[:10]:
        print(f"  world {number}: {question} but Cedar says {answer}", file=sys.stderr)
    verdict = "FAILED" if differences else "ok"
    summary = ", ".join(f"{count} {answer}" for answer, count in sorted(counts.items()))
    print(f"cedarpy {version('cedarpy')}: {verdict} ({sum(counts.values())} questions: {summary}; "
          f"{len(differences)} differences)")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
