import { announcer } from '../../../src/driver/announcer'
import { News } from '../../../src/driver/begin'
import { Driver } from '../../../src/driver/Driver'
import { World } from '../../fakes/World'

const MINUTE_MS = 60_000
const MIB = 1024 * 1024

it('a download of hours is told of ever more seldom, so that it leaves room for other events of the task', async () => {
  const world = World()
  const driver = Driver(world.incarnate().ports)
  const said: Array<string> = []
  driver.events.listen(({ message }) => { said.push(message) })
  const tell = announcer(driver, { allocation: { id: 'a1/web/1', allocId: 'a1', name: 'web' } } as Parameters<typeof announcer>[1])
  tell({ _tag: 'Fetching', image: 'x:1' })
  for (let minute = 1; minute <= 120; minute += 1) {
    await world.clock.pass(MINUTE_MS)
    const news: News = { _tag: 'Pulled', image: 'x:1', progress: { step: 'pull', bytes: minute * MIB, ofBytes: 200 * MIB } }
    tell(news)
    tell(news)
  }
  tell({ _tag: 'Fetched', image: 'x:1' })
  tell({ _tag: 'Created', container: 'c1' })
  expect(said).toEqual([
    'Downloading image x:1', 'Downloading image x:1: 2 of 200 MiB', 'Downloading image x:1: 6 of 200 MiB', 'Downloading image x:1: 14 of 200 MiB',
    'Downloading image x:1: 30 of 200 MiB', 'Downloading image x:1: 62 of 200 MiB', 'Downloaded image x:1 in 7200.0 s', 'Created container c1'
  ])
})
