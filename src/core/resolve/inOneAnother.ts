import { compareText } from '../domain/compareText'
import { DocumentPath, isSame } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { isWithin } from '../domain/path'
import { about, ImageFacts, PlaceFacts } from '../facts/Facts'

/**
 * A clean place in the container where something is mounted. `isEmpty`: what is mounted holds nothing that a task made
 * (a tmpfs).
 */
export interface Mounted {
  readonly at: DocumentPath
  readonly path: string
  readonly isEmpty: boolean
  /** A file of the driver's: what is mounted over it later would hide it, empty or not. */
  readonly isDrivers: boolean
}

/** A path that matters, and whose it is: `covers` says that something is mounted right there, else somebody passes. */
interface Point {
  readonly key: string
  readonly covers: boolean
  readonly of: Mounted
  /** Where a link is, which has to be the image's; the other point is where the mount ends up. */
  readonly isLink: boolean
}

/** The mounts that hold the point that is looked at, the innermost first. */
interface Open {
  readonly point: Point
  readonly outer: Open | undefined
}

interface Sweep {
  readonly open: Open | undefined
  readonly issues: ReadonlyArray<Issue>
}

/**
 * Mounts that the links of an image lead into one another, though their names do not say so. Mounts are made in the
 * order of their
 * names: one that stands on the way of another decides where that goes. An image could leave the logs writable by it.
 */
export const inOneAnother = (mounted: ReadonlyArray<Mounted>, { places = {} }: ImageFacts): ReadonlyArray<Issue> => {
  const seen = mounted.map((of) => ({ of, place: about(places, of.path) }))
  if (!seen.some(({ of, place }) => place !== undefined && place.realPath !== of.path)) return []
  const points = [...seen.flatMap(({ of, place }) => pointsOf(of, place))].sort(byKey)
  return points.reduce<Sweep>(withPoint, { open: undefined, issues: [] }).issues
}

const pointsOf = (of: Mounted, place: PlaceFacts | undefined): ReadonlyArray<Point> => {
  const real = place?.realPath ?? of.path
  return [
    { key: `${real}/`, covers: true, of, isLink: false }, { key: `${real}/`, covers: false, of, isLink: false },
    ...(place?.links ?? []).map((link): Point => ({ key: `${link}/`, covers: false, of, isLink: true }))
  ]
}

// What is mounted at a place comes before those who pass there, and whoever holds a place before what lies in it.
const byKey = (one: Point, other: Point): number =>
  compareText(one.key, other.key) || Number(other.covers) - Number(one.covers)

const withPoint = ({ open, issues }: Sweep, point: Point): Sweep => {
  const around = holding(open, point.key)
  if (point.covers) return { open: { point, outer: around }, issues }
  const wrong = inTheWay(around, point)
  return { open: around, issues: wrong === undefined ? issues : [...issues, told(point.of, wrong)] }
}

const holding = (open: Open | undefined, key: string): Open | undefined =>
  open === undefined || key.startsWith(open.point.key) ? open : holding(open.outer, key)

/** The mount that holds a point of another's way, and that the other's name does not lie in. */
const inTheWay = (open: Open | undefined, point: Point): Mounted | undefined => {
  if (open === undefined) return undefined
  const { of } = open.point
  const isMeant =
    (of.path === point.of.path && isSame(of.at, point.of.at))
    || isWithin(of.path, point.of.path)
    || (of.isEmpty && !point.isLink && !isHidden(point.of, of))
  return isMeant ? inTheWay(open.outer, point) : of
}

/** Mounts are made in the order of their names. */
const isHidden = (own: Mounted, by: Mounted): boolean => own.isDrivers && compareText(own.path, by.path) < 0

const told = ({ at, path }: Mounted, other: Mounted): Issue =>
  Issue(
    'RefusedByPolicy',
    at,
    path,
    `leads through links of the image to or through what is mounted at ${other.path}`,
    'name the places where the links lead, or use another image'
  )
